package dev.lepton.registry.desired;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads table {@code desired}; only the change log writes it. */
final class DesiredRows {

    private static final TypeReference<Map<String, Object>> SPEC = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json = ProtocolJson.lenient();

    DesiredRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Nullable Desired find(UnitId unit) {
        Optional<Desired> row =
                jdbc.sql(
                                """
                                SELECT unit_id, service, node, run, spec::text AS spec,
                                    restart_generation, generation, reason, updated_at
                                FROM desired WHERE unit_id = ?\
                                """)
                        .param(unit.value())
                        .query((r, _) -> desired(r))
                        .optional();
        return row.orElse(null);
    }

    private Desired desired(ResultSet row) throws SQLException {
        String node = row.getString("node");
        return new Desired(
                new UnitId(row.getString("unit_id")),
                new ServiceName(row.getString("service")),
                node == null ? null : new NodeName(node),
                DesiredRun.valueOf(row.getString("run")),
                json.readValue(row.getString("spec"), SPEC),
                row.getLong("restart_generation"),
                row.getLong("generation"),
                row.getString("reason"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
