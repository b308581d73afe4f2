"""One person of each role."""

ROLES = (
    "market.clerk", "market.reviewer", "market.signatory", "market.compiler", "market.custodian",
    "market.verifier", "bureau.system", "bureau.security", "bureau.auditor",
    "bureau.administrator", "bureau.supervisor",
)  # fmt: skip
