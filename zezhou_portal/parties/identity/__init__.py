"""Identity services seen through a port: who somebody is, said by somebody else (M.20)."""
