"""`python -m slotline` is `slotline`."""

from slotline.cli import main

main()
