package dev.countersign.contracts;

/** What the rooms rely on of their tables, whatever the database. */
interface StoreContract
    extends TenantStoreContract,
        PeopleStoreContract,
        ProofStoreContract,
        SignInStoreContract,
        SessionStoreContract,
        AuditStoreContract,
        BrowserStoreContract,
        RiskStoreContract {}
