package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose registry is away. */
@ExtendWith(LeakCheck.class)
class StartIT {

    @Test
    void routesFromTheDiskListAndIsReadyAndShowsItsState(@TempDir Path home) throws Exception {
        try (StubUnit unit = StubUnit.good("kept-1")) {
            RunningGateway.writeDiskList(home, unit.view("kept", UnitState.UP, 7));

            try (RunningGateway gateway = RunningGateway.start(home)) {
                assertThat(gateway.get("/kept/x").body()).isEqualTo("kept-1");
                assertThat(gateway.actuator("/health/readiness").statusCode()).isEqualTo(200);
                assertThat(gateway.actuator("/health/liveness").statusCode()).isEqualTo(200);
                assertThat(gateway.actuator("/lepton").body())
                        .contains("\"position\":\"c:1\"", "\"fromDisk\":true")
                        .contains(
                                "\"id\":\"kept-1\"", "\"incarnation\":7", "\"breaker\":\"CLOSED\"");
                assertThat(gateway.actuator("/prometheus").body())
                        .contains("lepton_gateway_attempts_total{")
                        .contains("lepton_gateway_in_flight")
                        .doesNotContain("unit=\"kept-1\"");
                assertThat(gateway.actuator("/info").body()).contains("\"java\"");
                assertThat(gateway.actuator("/env").statusCode()).isEqualTo(404);
                assertThat(gateway.actuator("/gateway/routes").statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void isAliveButNotReadyWithoutAnyList(@TempDir Path home) {
        try (RunningGateway gateway = RunningGateway.start(home)) {
            HttpResponse<String> answer = gateway.get("/worker/x");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"code\":\"no-table\"");
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(gateway.actuator("/health/readiness").statusCode()).isEqualTo(503);
            assertThat(gateway.actuator("/health/liveness").statusCode()).isEqualTo(200);
        }
    }
}
