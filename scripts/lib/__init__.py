"""What the commands of this folder share; standard library only."""
