"""Personal data out of what a model or a log sees, and back into a draft where the reply may carry it.

The numbers are told by well-kept libraries: `phonenumbers` (Google's libphonenumber) knows which numbers can be called,
`python-stdnum` which are bank cards and identity cards by their check digits. Chinese names and addresses have no
such library that loads in milliseconds: Presidio needs spaCy and a model from the hub for names, and has no
recogniser for Chinese addresses. Their patterns are here, each kind in a module of its own.
"""

from replyguide.drafting.masking.kinds import NOTHING, OWN_DATA, PersonalKind
from replyguide.drafting.masking.masking import Masking, Restored, masked
from replyguide.drafting.masking.recognising import Found, personal_data

__all__ = ["NOTHING", "OWN_DATA", "Found", "Masking", "PersonalKind", "Restored", "masked", "personal_data"]
