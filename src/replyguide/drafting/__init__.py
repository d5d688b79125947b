"""What a reply is made of: prompts and the model client, and the script composer that needs no model.

Import the rooms' parts from their modules (`drafting.composer`, `drafting.prompts`, `drafting.model`): the
composer must stay cheap to load, the model client is not.
"""
