package dev.lepton.platform.running;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Ports of a platform that shares the machine with others, and the {@code lepton.yml} that uses
 * them.
 */
public record PlatformPorts(
        int registry,
        int registryActuator,
        int gateway,
        int gatewayActuator,
        int supervisor,
        int supervisorActuator,
        int proxy) {

    /**
     * How long a node must be silent before its units move, and a unit before the cap on silence
     * lets it go: both are a minute.
     */
    public static final Duration NODE_LOST_AFTER =
            Bounds.length(Duration.ofSeconds(60), Duration.ofSeconds(10));

    public static PlatformPorts free() {
        List<Integer> free = FreePorts.take(7);
        return new PlatformPorts(
                free.get(0),
                free.get(1),
                free.get(2),
                free.get(3),
                free.get(4),
                free.get(5),
                free.get(6));
    }

    /**
     * The usual platform: PostgreSQL, registry, gateway and three workers; and a program that knows
     * nothing of Lepton, which serves the documentation.
     *
     * @param jar the path of a module's jar
     * @param registryForGateway the port at which the gateway looks for the registry
     */
    public String declaration(UnaryOperator<String> jar, int registryForGateway) {
        return """
        node: test
        registry: http://127.0.0.1:%2$d
        services:
          postgres:
            command: ["${java}", -Xmx64m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -jar, "%1$s", postgres]
            beater: none
            probe: { path: /health }
            start: { deadline: 6m } # as in lepton.yml: crash recovery takes its time
          registry:
            jar: %1$s
            java-options: [-Xmx256m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1]
            port: %2$d
            management-port: %3$d
            beater: none
            probe: { path: /actuator/health/readiness, port: management }
            start: { deadline: 6m } # the machine is starved on purpose
            depends-on: [postgres]
            env:
              LEPTON_POSTGRES_START: "false"
              LEPTON_NODE_LOST_AFTER: "%10$s"
              # One test after the other takes its nodes away: that is no failure of most of them.
              LEPTON_NODE_MASS_LOST_AFTER: "%11$s"
              LEPTON_SILENCE_HOLD: "%10$s"
              # The tests of a run fail the same three workers again and again.
              LEPTON_FLAP_DOWNS: "1000"
            restart: { intensity: 100, period: 60s, long-intensity: 100 }
          gateway:
            jar: %4$s
            java-options: [-Xmx256m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1]
            port: %5$d
            management-port: %6$d
            beater: none
            probe: { path: /actuator/health/readiness, port: management }
            depends-on: [registry]
            env: { LEPTON_REGISTRY_URL: "http://127.0.0.1:%7$d" }
          worker:
            jar: %8$s
            units: 3
            java-options: [-Xmx128m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -XX:+ExitOnOutOfMemoryError]
            management-port: auto
            beater: self
            probe: { path: /actuator/health/readiness, port: management }
            depends-on: [registry]
            env: { LEPTON_SAMPLE_CHAOS: "true" }
            restart: { intensity: 100, period: 60s, long-intensity: 100 }
          files:
            command: ["${java}", -Xmx32m, -m, jdk.httpserver, -b, 127.0.0.1, -p, "${port}", -d, "%9$s"]
            beater: node
            probe: { path: / }
            depends-on: [registry]
        """
                .formatted(
                        jar.apply("registry-service"),
                        registry,
                        registryActuator,
                        jar.apply("gateway-service"),
                        gateway,
                        gatewayActuator,
                        registryForGateway,
                        jar.apply("sample-worker-service"),
                        Checkout.root().resolve("docs"),
                        NODE_LOST_AFTER,
                        NODE_LOST_AFTER.plusSeconds(5));
    }
}
