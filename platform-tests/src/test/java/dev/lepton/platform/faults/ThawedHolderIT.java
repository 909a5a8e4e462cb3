package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.Signals;
import dev.lepton.platform.running.UnitStatus;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that stood still while another became the unit that it was. */
@OnSharedPlatform
class ThawedHolderIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String UNIT = "worker-3";

    @Test
    void aFrozenHolderThatWasReplacedServesNoGatewayAndNeverRegistersAgain(Platform platform)
            throws Exception {
        UnitStatus frozen = platform.unit(UNIT);
        long pid = frozen.livePid();
        long incarnation = platform.records().unit(UNIT).incarnation();
        long supervisor = platform.supervisor().pid();
        // Which would not leave a process alone that stands still.
        Signals.stop(supervisor);
        Signals.stop(pid);
        boolean thawed = false;
        try (StubUnit other = StubUnit.start(platform)) {
            platform.awaitWithin(
                    LIMIT, () -> platform.records().unit(UNIT).state() == UnitState.DOWN);

            AutoCloseable leave = other.takeOver(new UnitId(UNIT), "worker");
            Signals.resume(pid);
            thawed = true;

            platform.awaitWithin(LIMIT, () -> standing(frozen).contains("\"SUPERSEDED\""));
            UnitView holder = platform.records().unit(UNIT);
            assertThat(holder.incarnation()).isEqualTo(incarnation + 1);
            assertThat(holder.startId().toString()).isNotEqualTo(frozen.startId());
            assertThat(asGateway(frozen).status()).isEqualTo(503);
            assertThat(asGateway(frozen).headers()).containsKey("lepton-not-processed");

            leave.close();
            String beats = beats(frozen);
            platform.awaitWithin(
                    LIMIT, () -> platform.records().unit(UNIT).state() == UnitState.STOPPED);
            assertThat(standing(frozen)).contains("\"SUPERSEDED\"");
            assertThat(beats(frozen)).isEqualTo(beats);
        } finally {
            if (!thawed) {
                Signals.resume(pid);
            }
            Signals.resume(supervisor);
            platform.ask("restart", UNIT);
        }
        platform.awaitReady();
        platform.untilAgreement();
        assertThat(platform.records().unit(UNIT).incarnation()).isEqualTo(incarnation + 2);
    }

    /** Asks the process as a gateway does that still takes it for the unit. */
    private static KeepAliveClient.Answer asGateway(UnitStatus unit) throws IOException {
        try (KeepAliveClient client = new KeepAliveClient(URI.create(unit.address()), 5_000)) {
            return client.send("GET", "/hello", Map.of("Lepton-Unit", unit.id()), new byte[0]);
        }
    }

    private static String standing(UnitStatus unit) throws IOException {
        URI actuator = URI.create(unit.managementAddress());
        try (KeepAliveClient client = new KeepAliveClient(actuator, 5_000)) {
            return client.get("/actuator/lepton").text();
        }
    }

    private static String beats(UnitStatus unit) throws IOException {
        return standing(unit).replaceAll(".*\"beats\":(\\d+).*", "$1");
    }
}
