package dev.lepton.registry.outage;

import dev.lepton.registry.postgres.OwnPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL, the way that leads to it, and what a fault has in its hands meanwhile. */
final class Place implements AutoCloseable {

    private final TcpProxy way;
    private final List<Connection> held = new ArrayList<>();
    private OwnPostgres postgres;

    Place(OwnPostgres postgres) throws IOException {
        this.postgres = postgres;
        this.way = TcpProxy.to(postgres.port());
    }

    OwnPostgres postgres() {
        return postgres;
    }

    TcpProxy way() {
        return way;
    }

    /** Another server holds the database from now on. */
    void movedTo(OwnPostgres other) {
        postgres = other;
    }

    /** To be closed at the end of the fault. */
    Connection hold(Connection connection) {
        held.add(connection);
        return connection;
    }

    void letGo() throws SQLException {
        for (Connection connection : held) {
            connection.close();
        }
        held.clear();
    }

    @Override
    public void close() throws IOException, SQLException {
        letGo();
        way.close();
        postgres.close();
    }
}
