package dev.lepton.starter.unit;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process was told about the unit that it is.
 *
 * @param id null when it is to be made of service, host and port
 * @param host the host to advertise, null when it is to be found from the route to the registry
 * @param port the port to advertise, null for the one that the web server listens on
 */
public record UnitSettings(
        @Nullable UnitId id,
        StartId startId,
        ServiceName service,
        @Nullable NodeName node,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String version,
        int weight,
        @Nullable String zone,
        Map<String, String> labels) {}
