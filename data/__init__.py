"""What comes in: the contract, checking and quarantine, publishing, the demo maker and the reference tables."""
