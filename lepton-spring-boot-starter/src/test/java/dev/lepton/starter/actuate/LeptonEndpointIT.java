package dev.lepton.starter.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.starter.FakeRegistry;
import dev.lepton.starter.SampleService;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

class LeptonEndpointIT {

    private final FakeRegistry registry = new FakeRegistry();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void showsTheUnitAsItSeesItself(WebApplicationType type) {
        try (SampleService service =
                SampleService.start(
                        type,
                        registry.url(),
                        "lepton.unit.id=sample-1",
                        "lepton.unit.version=1.2",
                        "lepton.start-id=0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
                        "management.endpoints.web.exposure.include=lepton")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> registry.beats().size() > 1);

            JsonNode report =
                    ProtocolJson.lenient().readTree(service.get("/actuator/lepton").body());

            assertThat(report.at("/unit").asString()).isEqualTo("sample-1");
            assertThat(report.at("/service").asString()).isEqualTo("sample");
            assertThat(report.at("/version").asString()).isEqualTo("1.2");
            assertThat(report.at("/startId").asString())
                    .isEqualTo("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");
            assertThat(report.at("/incarnation").asLong()).isEqualTo(1);
            assertThat(report.at("/address/port").asInt()).isEqualTo(service.port());
            assertThat(report.at("/selfCheck").asString()).isEqualTo("ok");
            assertThat(report.at("/registry/urls/0").asString()).isEqualTo(registry.url());
            assertThat(report.at("/registry/standing").asString()).isEqualTo("MEMBER");
            assertThat(report.at("/registry/state").asString()).isEqualTo("UP");
            assertThat(report.at("/registry/lastAnsweredBeat").asString()).isNotBlank();
            assertThat(report.at("/requests/intake").asString()).isEqualTo("OPEN");
            assertThat(report.at("/requests/inFlight").asInt()).isEqualTo(1);
        }
    }
}
