"""What is not to be reported: by the team's own word, by the files of other scanners, by what was known before."""
