"""The arithmetic of outcomes: counts and times in, estimates with their intervals out; it knows no records."""
