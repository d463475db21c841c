"""What can be done with a rule: one module for each reader. Readers import the rules and nothing above them."""
