"""One module for each format: the same picture's file, without anything else."""
