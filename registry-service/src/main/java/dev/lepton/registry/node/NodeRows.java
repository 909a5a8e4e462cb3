package dev.lepton.registry.node;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Tables {@code node} and {@code node_mark}. */
final class NodeRows {

    private static final TypeReference<List<ServiceName>> SERVICES = new TypeReference<>() {};
    private static final TypeReference<List<Observed>> OBSERVED = new TypeReference<>() {};

    private final JdbcOperations jdbc;
    private final TransactionOperations transactions;
    private final JsonMapper json = ProtocolJson.lenient();

    NodeRows(JdbcOperations jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** A crash of PostgreSQL may lose the last of them, which costs less than a beat. */
    void write(SortedMap<NodeName, NodeBeat> beats) {
        if (beats.isEmpty()) {
            // Whether beats could be stored is to be known before the first one comes.
            jdbc.queryForObject("SELECT 1", Integer.class);
            return;
        }
        transactions.executeWithoutResult(_ -> {
            jdbc.execute("SET LOCAL synchronous_commit = off");
            beats.forEach(this::writeNode);
            beats.forEach(this::writeMark);
        });
    }

    private void writeNode(NodeName node, NodeBeat beat) {
        jdbc.update(
                """
                INSERT INTO node AS n (name, supervisor_id, capacity, services, observed)
                VALUES (?, ?, ?, ?::jsonb, ?::jsonb)
                ON CONFLICT (name) DO UPDATE
                SET supervisor_id = excluded.supervisor_id, capacity = excluded.capacity,
                    services = excluded.services, observed = excluded.observed
                WHERE (n.supervisor_id, n.capacity, n.services, n.observed)
                    IS DISTINCT FROM (excluded.supervisor_id, excluded.capacity, excluded.services,
                        excluded.observed)\
                """,
                node.value(),
                beat.supervisorId().value(),
                beat.capacity(),
                json.writeValueAsString(beat.services()),
                json.writeValueAsString(beat.observed()));
    }

    private void writeMark(NodeName node, NodeBeat beat) {
        jdbc.update(
                """
                INSERT INTO node_mark AS m (name, supervisor_id, seq) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE
                SET supervisor_id = excluded.supervisor_id, seq = excluded.seq
                WHERE m.supervisor_id <> excluded.supervisor_id OR m.seq < excluded.seq\
                """,
                node.value(),
                beat.supervisorId().value(),
                beat.seq());
    }

    List<KnownNode> all() {
        return jdbc.query(
                """
                SELECT n.name, m.supervisor_id, m.seq, n.capacity, n.services::text AS services,
                    n.observed::text AS observed
                FROM node n JOIN node_mark m USING (name)
                ORDER BY n.name\
                """,
                (row, _) -> node(row));
    }

    private KnownNode node(ResultSet row) throws SQLException {
        return new KnownNode(
                new NodeName(row.getString("name")),
                new NodeBeat(
                        new StartId(row.getObject("supervisor_id", UUID.class)),
                        row.getLong("seq"),
                        row.getInt("capacity"),
                        json.readValue(row.getString("services"), SERVICES),
                        json.readValue(row.getString("observed"), OBSERVED)));
    }
}
