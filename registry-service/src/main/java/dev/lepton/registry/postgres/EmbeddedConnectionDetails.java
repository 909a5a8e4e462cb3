package dev.lepton.registry.postgres;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Points Spring Boot's data source at the embedded server. */
record EmbeddedConnectionDetails(PostgresAccess access) implements JdbcConnectionDetails {

    @Override
    public String getJdbcUrl() {
        return access.url();
    }

    @Override
    public String getUsername() {
        return access.username();
    }

    @Override
    public String getPassword() {
        return access.password();
    }
}
