package dev.lepton.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.client.registration.Registration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigsTests {

    private static final List<Integer> UNITS = List.of(7001, 7002, 7003);

    @Test
    void haproxyHasABackendForEachServiceAndChecksTheUnitsOfTheLast() {
        String config = HaproxyPeer.config(8080, 2, UNITS);

        assertThat(config)
                .contains("bind 127.0.0.1:8080")
                .endsWith(
                        """
                        backend service-1
                            http-request replace-path /[^/]+(.*) \\1
                            server unit-1 127.0.0.1:7001
                        backend service-2
                            http-request replace-path /[^/]+(.*) \\1
                            server unit-1 127.0.0.1:7001 check
                            server unit-2 127.0.0.1:7002 check
                            server unit-3 127.0.0.1:7003 check
                        """);
    }

    @Test
    void nginxHasALocationForEachServiceAndTheUnitsBehindTheLast() {
        String config = NginxPeer.config(Path.of("/run/x"), 8080, 2, UNITS);

        assertThat(config)
                .contains("listen 127.0.0.1:8080;")
                .contains("pid /run/x/nginx.pid;")
                .contains("upstream service-1 { least_conn; server 127.0.0.1:7001; keepalive 64; }")
                .contains(
                        "upstream service-2 { least_conn; server 127.0.0.1:7001; server 127.0.0.1:7002; server 127.0.0.1:7003; keepalive 64; }")
                .contains("location /service-1/ { proxy_pass http://service-1/; }")
                .contains("location /service-2/ { proxy_pass http://service-2/; }");
    }

    @Test
    void unitsAnswerWithSixtyFourBytes() {
        String config = StubUnits.config(Path.of("/run/units"), List.of("7001", "7002"));

        assertThat(config)
                .contains("listen 127.0.0.1:7001 ")
                .contains("listen 127.0.0.1:7002 ")
                .containsPattern("return 200 'u{64}';");
    }

    @Test
    void eurekaIsToldWhereAUnitListens() {
        assertThat(EurekaUnits.instance("service-1", 7001))
                .contains("\"instanceId\": \"service-1:7001\"")
                .contains("\"app\": \"SERVICE-1\"")
                .contains("\"port\": {\"$\": 7001, \"@enabled\": \"true\"}");
    }

    @Test
    void theUnitsOfTheServiceMeasuredAreRegisteredLast() throws Exception {
        try (Stage stage = Stage.open()) {
            Setup setup = new Setup(stage, stage.folder(), 3, UNITS, List.of(), List.of());

            List<Registration> units = LeptonUnits.registrations(setup);

            assertThat(units)
                    .extracting(unit -> unit.unitId().value(), unit -> unit.address().port())
                    .containsExactly(
                            tuple("service-1-1", 7001),
                            tuple("service-2-1", 7001),
                            tuple("service-3-1", 7001),
                            tuple("service-3-2", 7002),
                            tuple("service-3-3", 7003));
        }
    }

    @Test
    void theOptionsAreThoseOfTheServiceThatIsNamed() {
        String declaration =
                """
                registry: http://127.0.0.1:8761
                services:
                  registry:
                    jar: r.jar
                    java-options: [-Xmx256m, -XX:TieredStopAtLevel=1]

                  # A comment.
                  gateway:
                    jar: g.jar
                    # Another one.
                    java-options: [-Xmx512m, -XX:+UseSerialGC]
                    port: 8080
                  files:
                    command: [serve]
                  worker:
                    java-options: [-Xmx128m]
                """;

        assertThat(DeclaredOptions.of(declaration, "registry"))
                .containsExactly("-Xmx256m", "-XX:TieredStopAtLevel=1");
        assertThat(DeclaredOptions.of(declaration, "gateway"))
                .containsExactly("-Xmx512m", "-XX:+UseSerialGC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeclaredOptions.of(declaration, "files"))
                .withMessage("lepton.yml gives 'files' no java-options");
    }

    @Test
    void theCheckedInDeclarationSaysWhatTheGatewayRunsWith() throws Exception {
        String declaration = Files.readString(Path.of("..", "lepton.yml"));

        assertThat(DeclaredOptions.of(declaration, "gateway"))
                .allMatch(option -> option.startsWith("-X"))
                .anyMatch(option -> option.startsWith("-Xmx"));
    }

    @Test
    void peersAreNamedOnceEach() {
        assertThat(Peer.parse("nginx,lepton")).isEqualTo(EnumSet.of(Peer.LEPTON, Peer.NGINX));
        for (String wrong : List.of("lepton,lepton", "envoy", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Peer.parse(wrong))
                    .withMessage(
                            "--peers must name some of lepton,stock,bare,haproxy,nginx, each once, and is '%s'",
                            wrong);
        }
    }
}
