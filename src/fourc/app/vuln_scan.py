"""`scan vulns`: read the packages, ask the database, leave out what the team lets stand, and report the rest."""
