"""What was suggested and what became of it: kept append-only, masked, and made into reports and eval cases."""

from replyguide.audit.cases import export_cases
from replyguide.audit.log import Action, AuditLog, Recorded
from replyguide.audit.report import report, rows_of_report

__all__ = ["Action", "AuditLog", "Recorded", "export_cases", "report", "rows_of_report"]
