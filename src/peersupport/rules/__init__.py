"""What a rule is. Imports nothing above it."""
