"""`slotline doctor`: finds what a new operator gets wrong, and says what to do about it."""

from slotline.doctor.examination import Surroundings, examine
from slotline.doctor.finding import Finding, Verdict
from slotline.doctor.report import print_report

__all__ = ["Finding", "Surroundings", "Verdict", "examine", "print_report"]
