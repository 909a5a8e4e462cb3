package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Units come and go, each at an address of its own, for as long as a gateway runs: nothing of those
 * that went may stay in it.
 */
@ExtendWith(LeakCheck.class)
class ManyUnitsIT {

    private static final int UNITS = 2000;

    /** Those that a loop has not come to put away yet. */
    private static final int MOST_LEFT = 100;

    private static final List<String> OF_UNITS =
            List.of(
                    "dev.lepton.gateway.routing.TrackedUnit",
                    "io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine",
                    "io.netty.channel.epoll.EpollSocketChannel",
                    "reactor.netty.internal.shaded.reactor.pool.SimpleDequePool");

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingStaysOfUnitsThatWent(@TempDir Path home) throws JMException {
        try (RunningGateway gateway = RunningGateway.start(home);
                StubUnit stays = StubUnit.good("stays")) {
            gateway.up("one", stays);
            assertThat(gateway.get("/one/x").statusCode()).isEqualTo(200);
            String before = histogramOfTheLiving();

            for (int i = 0; i < UNITS; i++) {
                try (StubUnit unit = StubUnit.good("comes-and-goes")) {
                    gateway.up("many", unit);
                    assertThat(gateway.get("/many/x").statusCode()).isEqualTo(200);
                    gateway.state("many", unit, UnitState.DOWN);
                }
            }

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        // A connection that nobody uses goes as well, and its pool.
                        assertThat(gateway.get("/one/x").statusCode()).isEqualTo(200);
                        String after = histogramOfTheLiving();
                        for (String type : OF_UNITS) {
                            assertThat(count(after, type))
                                    .as(type)
                                    .isLessThan(count(before, type) + MOST_LEFT);
                        }
                    });
        }
    }

    /** Collects the garbage first. */
    private static String histogramOfTheLiving() throws JMException {
        return (String)
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
    }

    /** Lines look like {@code 12: 345 6789 the.Class (module)}. */
    private static int count(String histogram, String type) {
        Matcher line =
                Pattern.compile(
                                "(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+"
                                        + Pattern.quote(type)
                                        + "(\\s|$)")
                        .matcher(histogram);
        assertThat(line.find()).as("there is at least one " + type).isTrue();
        return Integer.parseInt(line.group(1));
    }
}
