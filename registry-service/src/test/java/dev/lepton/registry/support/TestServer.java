package dev.lepton.registry.support;

/** A PostgreSQL for tests, on 127.0.0.1. */
interface TestServer {

    int port();

    /** Whom the registry logs in as. */
    String username();

    String password();

    String superuser();

    String superuserPassword();
}
