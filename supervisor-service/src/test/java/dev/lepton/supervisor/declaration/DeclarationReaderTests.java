package dev.lepton.supervisor.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.policy.RestartType;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.recovery.UnitPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeclarationReaderTests {

    private static final Path FOLDER = Path.of("/srv/fleet");
    private static final Pattern YAML_BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    private final DeclarationReader reader =
            new DeclarationReader("this-host", Map.of("SECRET_DIR", "/run/secrets"));

    @Test
    void everyKeyIsRead() {
        Declaration declaration =
                read(
                        """
                        node: alpha
                        registry: [http://one:8761, https://two]
                        services:
                          base:
                            command: [bin/base, --port, "${port}"]
                            beater: none
                            port: 9000
                          worker:
                            jar: app/worker.jar
                            java-options: [-Xmx64m]
                            args: [--unit, "${unit}"]
                            units: 3
                            management-port: auto
                            beater: self
                            probe: { path: /health, port: management }
                            depends-on: [base]
                            env: { FLAG: on, SECRET: "${env:SECRET_DIR}/x", RATIO: 1.5 }
                            working-directory: work
                            stop: { timeout: 5s }
                            exclusive: true
                            start: { deadline: 2m, concurrency: 1 }
                            liveness: { path: /alive, port: management, timeout: 1500ms, failures: 4 }
                            restart: { type: transient, strategy: rest-for-one, intensity: 3, period: 30s,
                                       long-intensity: 10, long-period: 12h, first-delay: 100ms, max-delay: 2s,
                                       reset-after: 1h, exit-codes-not-retried: [3, 78], max-unavailable: 2,
                                       probation: 5m }
                        """);

        assertThat(declaration.node()).isEqualTo(new NodeName("alpha"));
        assertThat(declaration.registryUrls())
                .containsExactly(URI.create("http://one:8761"), URI.create("https://two"));
        assertThat(declaration.services().get(new ServiceName("worker")))
                .isEqualTo(
                        new ServiceDeclaration(
                                new ServiceName("worker"),
                                List.of(
                                        "${java}",
                                        "-Xmx64m",
                                        "-jar",
                                        "/srv/fleet/app/worker.jar",
                                        "--unit",
                                        "${unit}"),
                                3,
                                PortChoice.FREE,
                                PortChoice.FREE,
                                Beating.SELF,
                                Probe.http("/health", true),
                                Set.of(new ServiceName("base")),
                                Map.of("FLAG", "on", "SECRET", "/run/secrets/x", "RATIO", "1.5"),
                                FOLDER.resolve("work"),
                                Duration.ofSeconds(5),
                                new LivenessProbe(
                                        Probe.http("/alive", true), Duration.ofMillis(1500), 4),
                                new UnitPolicy(
                                        new RestartPolicy(
                                                RestartType.TRANSIENT,
                                                3,
                                                Duration.ofSeconds(30),
                                                10,
                                                Duration.ofHours(12),
                                                Duration.ofMillis(100),
                                                Duration.ofSeconds(2),
                                                Duration.ofHours(1),
                                                Set.of(3, 78)),
                                        RestartStrategy.REST_FOR_ONE,
                                        Duration.ofMinutes(2),
                                        1,
                                        2,
                                        Duration.ofMinutes(5),
                                        true),
                                null));
        assertThat(declaration.services().get(new ServiceName("base")).command().getFirst())
                .isEqualTo("/srv/fleet/bin/base");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Declaration declaration = read("services: { web: { command: [serve] } }");

        assertThat(declaration.node()).isEqualTo(new NodeName("this-host"));
        assertThat(declaration.registryUrls()).isEmpty();
        assertThat(declaration.services().values())
                .containsExactly(
                        new ServiceDeclaration(
                                new ServiceName("web"),
                                List.of("serve"),
                                1,
                                PortChoice.FREE,
                                null,
                                Beating.NODE,
                                Probe.CONNECT,
                                Set.of(),
                                Map.of(),
                                FOLDER,
                                Duration.ofSeconds(20),
                                LivenessProbe.of(Probe.CONNECT),
                                UnitPolicy.ORDINARY,
                                null));
    }

    @Test
    void exclusiveIsYesOrNoAndNeedsARegistryThatKnowsTheUnit() {
        assertThatThrownBy(() -> read("services: { web: { command: [a], exclusive: often } }"))
                .hasMessageContaining("'services.web.exclusive' must be true or false");
        assertThatThrownBy(() ->
                        read("services: { web: { command: [a], exclusive: true, beater: none } }"))
                .hasMessageContaining("'services.web.exclusive' does not go with 'beater: none'");
        assertThatThrownBy(() -> read("services: { web: { command: [a], exclusive: true } }"))
                .hasMessageContaining("'services.web.exclusive' needs 'registry'");
        assertThatThrownBy(() ->
                        read("registry: []\nservices: { web: { command: [a], exclusive: true } }"))
                .hasMessageContaining(
                        "'services.web.exclusive' needs 'registry' to name a URL such as http://127.0.0.1:8761")
                .hasMessageContaining("add one there, or leave 'exclusive' out");
        assertThatThrownBy(() ->
                        read("registry: x\nservices: { web: { command: [a], exclusive: true } }"))
                .hasMessageContaining("'registry' 'x' must be a URL")
                .hasMessageNotContaining("exclusive");
        assertThat(
                        read("services: { web: { command: [a], exclusive: false } }")
                                .services()
                                .get(new ServiceName("web"))
                                .policy()
                                .exclusive())
                .isFalse();
    }

    @Test
    void aUnitIsAskedForSignsOfLifeWhereItsRequestsGo() {
        Declaration declaration =
                read(
                        """
                        services:
                          starter: { jar: a.jar, management-port: auto, probe: { path: /ready, port: management } }
                          program: { command: [a], probe: { path: /health } }
                          silent: { command: [a], liveness: none }
                        """);

        assertThat(declaration.services().values())
                .extracting(ServiceDeclaration::liveness)
                .containsExactly(
                        LivenessProbe.of(Probe.http("/lepton/self-check", false)),
                        LivenessProbe.of(Probe.http("/health", false)),
                        LivenessProbe.of(Probe.NONE));
    }

    @Test
    void aNodeHasRoomForAsManyUnitsAsItDeclaresUnlessItSaysMore() {
        String services = "services: { web: { command: [a], units: 3 } }";

        assertThat(read(services).capacity()).isEqualTo(3);
        assertThat(read("capacity: 8\n" + services).capacity()).isEqualTo(8);
        assertThatThrownBy(() -> read("capacity: 1001\n" + services))
                .hasMessageContaining("'capacity' 1001 must be a whole number from 0 to 1000");
    }

    @Test
    void aNodeIsReachedAtLoopbackUnlessItSaysWhere() {
        String services = "services: { web: { command: [a] } }";

        assertThat(read(services).address()).isNull();
        assertThat(read(services).host()).isEqualTo("127.0.0.1");
        assertThat(read("address: 10.1.2.3\n" + services).address()).isEqualTo("10.1.2.3");
        assertThat(read("address: 10.1.2.3\n" + services).host()).isEqualTo("10.1.2.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://a", "a b", "[::1]", "10.1.2.3:80", "10.1.2.300", "fe80::1%eth0"})
    void anAddressIsAHostAlone(String address) {
        assertThatThrownBy(
                        () -> read("address: '" + address + "'\nservices: { w: { jar: a.jar } }"))
                .hasMessageContaining(
                        "lepton.yml:1:10: 'address' '%s' must be a host name or an IP address"
                                .formatted(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "224.0.0.1"})
    void anAddressThatIsNoMachinesIsRefused(String address) {
        assertThatThrownBy(
                        () -> read("address: '" + address + "'\nservices: { w: { jar: a.jar } }"))
                .hasMessageContaining(
                        "lepton.yml:1:10: 'address' '%s' must be the address of one machine, at which others reach this one"
                                .formatted(address));
    }

    @Test
    void aNodeThatRegistersUnitsElsewhereMustSayWhereItIs() {
        String services = "services: { web: { command: [a] }, own: { jar: a.jar } }";
        String remote = "registry: [http://127.0.0.1:1, http://10.1.2.1:8761]\n";

        assertThatThrownBy(() -> read(remote + services))
                .hasMessageContaining(
                        "lepton.yml:1:1: 'address' is missing: the supervisor registers the units of web, and 'registry' 'http://10.1.2.1:8761' is not on loopback as they would be");
        assertThatThrownBy(() -> read("registry: http://there\n" + services))
                .hasMessageContaining("'registry' 'http://there' is not on loopback");
        assertThat(read(remote + "address: 127.0.0.1\n" + services).host()).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8761", "http://127.0.0.2:8761", "http://[::1]:8761"})
    void aNodeBesideTheRegistryNeedNotSayWhereItIs(String registry) {
        assertThat(read("registry: '" + registry + "'\nservices: { w: { command: [a] } }").host())
                .isEqualTo("127.0.0.1");
    }

    @Test
    void unitsThatRegisterThemselvesFindTheirAddress() {
        assertThat(read("registry: http://10.1.2.1\nservices: { w: { jar: a.jar } }").address())
                .isNull();
    }

    @Test
    void unitsAreNumberedExceptASingleOneThatNobodyBeatsFor() {
        Declaration declaration =
                read(
                        """
                        services:
                          base: { command: [a], beater: none }
                          pair: { command: [a], beater: none, units: 2 }
                          web: { command: [a] }
                        """);

        assertThat(declaration.services().values().stream().flatMap(s -> s.unitIds().stream()))
                .containsExactly(
                        new UnitId("base"),
                        new UnitId("pair-1"),
                        new UnitId("pair-2"),
                        new UnitId("web-1"));
    }

    @Test
    void theDeclarationOfTheQuickStartIsAccepted() throws Exception {
        Path file = Path.of("..", "lepton.yml");

        Declaration declaration = new DeclarationReader("h", Map.of()).read(file);

        assertThat(declaration.services().values().stream().flatMap(s -> s.unitIds().stream()))
                .extracting(UnitId::value)
                .containsExactly(
                        "postgres", "registry", "gateway", "worker-1", "worker-2", "worker-3");
        assertThat(Files.readString(file)).doesNotContain("/home/", "/tmp/");
    }

    @Test
    void theQuickStartsDatabaseGetsTheTimeItTakesToReplayItsLog() throws Exception {
        Declaration declaration =
                new DeclarationReader("h", Map.of()).read(Path.of("..", "lepton.yml"));

        // It gives up by itself after 5 minutes; whoever ends it before only makes it begin again.
        assertThat(declaration.services().get(new ServiceName("postgres")).policy().startDeadline())
                .isGreaterThan(Duration.ofMinutes(5));
    }

    static Stream<Arguments> declarationsOfTheDocuments() {
        return Stream.of("README.md", "docs/declaring-units.md", "docs/two-machines.md")
                .flatMap(document ->
                        YAML_BLOCK
                                .matcher(text(Path.of("..", document)))
                                .results()
                                .map(block -> block.group(1))
                                .filter(yaml -> yaml.lines().anyMatch("services:"::equals))
                                .map(yaml -> Arguments.of(document, yaml)));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("declarationsOfTheDocuments")
    void whatTheDocumentsShowIsAccepted(String document, String yaml) {
        // They are meant to be added to the file of the quick start, which declares the registry.
        String added =
                yaml.contains("depends-on: [registry]")
                        ? yaml + "  registry: { command: [run], beater: none }\n"
                        : yaml;

        Declaration declaration = reader.read(document, FOLDER, added);

        assertThat(declaration.services()).isNotEmpty();
    }

    @Test
    void allTheseDocumentsShowDeclarations() {
        assertThat(declarationsOfTheDocuments().map(shown -> shown.get()[0]))
                .contains("README.md", "docs/declaring-units.md", "docs/two-machines.md");
    }

    @Test
    void aTrainingHasTheServicesProbeAndItsOwnVariables() {
        Declaration declaration =
                read(
                        """
                        services:
                          plain: { jar: a.jar, probe: { path: /ready }, aot: true }
                          off: { jar: a.jar, aot: false }
                          own: { jar: a.jar, probe: { path: /ready }, aot: { probe: { path: /live }, env: { DB: "${home}/db" } } }
                        """);

        assertThat(declaration.services().values())
                .extracting(ServiceDeclaration::aot)
                .containsExactly(
                        new AotTraining(Probe.http("/ready", false), Map.of()),
                        null,
                        new AotTraining(Probe.http("/live", false), Map.of("DB", "${home}/db")));
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                wrong("", "lepton.yml: is empty; it must declare 'services'"),
                wrong(
                        "- a",
                        "lepton.yml:1:1: the file must be a mapping of keys to values, but is a list"),
                wrong(
                        "node: x",
                        "lepton.yml:1:1: 'services' is missing; it declares what is to run"),
                wrong(
                        "services: {}",
                        "lepton.yml:1:11: 'services' must declare at least one service"),
                wrong(
                        "services:",
                        "lepton.yml:1:10: 'services' must be a mapping of keys to values, but is empty"),
                wrong(
                        "services: 7",
                        "lepton.yml:1:11: 'services' must be a mapping of keys to values, but is the value '7'"),
                wrong("services: { a: [", "lepton.yml:1:17: is no YAML: "),
                wrong("a: b: c", "lepton.yml:1:5: is no YAML: mapping values are not allowed here"),
                wrong("a: 1\n---\nb: 2", "lepton.yml:2:1: is no YAML: but found another document"),
                wrong("x: \u0007", "lepton.yml: is no YAML: "),
                wrong(
                        "services: { a: { command: [x] } }\nservice: 1",
                        "lepton.yml:2:1: unknown key 'service', did you mean 'services'?; the known ones are address, capacity, engine, node, project, registry, services"),
                service(
                        "unit: 3",
                        "lepton.yml:3:5: unknown key 'unit' in 'services.web', did you mean 'units'?; the known ones are aot, args, "),
                service(
                        "units: 3\n    units: 4",
                        "lepton.yml:4:5: key 'units' stands here twice; keep one"),
                service(
                        "units: many",
                        "lepton.yml:3:12: 'services.web.units' many must be a whole number from 0 to 100"),
                service(
                        "units: -1",
                        "lepton.yml:3:12: 'services.web.units' -1 must be a whole number from 0 to 100"),
                service(
                        "units: 1.5",
                        "lepton.yml:3:12: 'services.web.units' 1.5 must be a whole number from 0 to 100"),
                service(
                        "units: 99999999999999999999",
                        "lepton.yml:3:12: 'services.web.units' 99999999999999999999 must be a whole number"),
                service(
                        "units: [1]",
                        "lepton.yml:3:12: 'services.web.units' must be a single value, but is a list"),
                service("units:", "lepton.yml:3:11: 'services.web.units' has no value"),
                service(
                        "port: 0",
                        "lepton.yml:3:11: 'services.web.port' 0 must be a whole number from 1 to 65535"),
                service(
                        "port: auto",
                        "lepton.yml:3:11: 'services.web.port' auto must be a whole number from 1 to 65535"),
                service(
                        "management-port: some",
                        "lepton.yml:3:22: 'services.web.management-port' some must be 'auto' or a whole number from 1 to 65535"),
                service(
                        "port: 8080\n    units: 2",
                        "lepton.yml:3:11: 'services.web.port' 8080 cannot be shared by 2 units; leave it out, and each gets a free one"),
                service(
                        "port: 8080\n    management-port: 8080",
                        "lepton.yml:4:22: 'services.web.management-port' 8080 is already 'services.web.port'"),
                service(
                        "beater: myself",
                        "lepton.yml:3:13: 'services.web.beater' 'myself' must be one of node, none, self"),
                service(
                        "probe: yes",
                        "lepton.yml:3:12: 'services.web.probe' must be 'none' or a mapping such as { path: /health }"),
                service(
                        "probe: { path: health }",
                        "lepton.yml:3:20: 'services.web.probe.path' 'health' must begin with '/' and hold no spaces"),
                service(
                        "probe: { path: '/health?q={a}' }",
                        "lepton.yml:3:20: 'services.web.probe.path' '/health?q={a}' is no path of a URL: Illegal character in query"),
                service(
                        "probe: { path: /a|b }",
                        "lepton.yml:3:20: 'services.web.probe.path' '/a|b' is no path of a URL: Illegal character in path"),
                service(
                        "probe: { path: /%zz }",
                        "lepton.yml:3:20: 'services.web.probe.path' '/%zz' is no path of a URL: Malformed escape pair"),
                service(
                        "probe: { path: '/health#now' }",
                        "lepton.yml:3:20: 'services.web.probe.path' '/health#now' is no path of a URL: what follows '#' is never sent"),
                service(
                        "probe: { port: main }",
                        "lepton.yml:3:12: 'services.web.probe.path' is missing"),
                service(
                        "probe: { path: /, port: management }",
                        "lepton.yml:3:29: 'services.web.probe.port' management needs 'management-port' to be declared"),
                service(
                        "probe: { path: /, port: 8080 }",
                        "lepton.yml:3:29: 'services.web.probe.port' '8080' must be main or management"),
                service(
                        "depends-on: base",
                        "lepton.yml:3:17: 'services.web.depends-on' must be a list such as [registry]"),
                service(
                        "depends-on: [wbe]",
                        "lepton.yml:3:17: 'services.web.depends-on' names 'wbe', which is not declared, did you mean 'web'?"),
                service(
                        "depends-on: [web]",
                        "lepton.yml:3:17: 'services.web.depends-on' closes a circle: web → web"),
                service("depends-on: [A]", "lepton.yml:3:17: service name 'A' must be "),
                service(
                        "env: [a]",
                        "lepton.yml:3:10: 'services.web.env' must be a mapping of keys to values, but is a list"),
                service(
                        "env: { 1A: x }",
                        "lepton.yml:3:12: '1A' is no name of an environment variable"),
                service(
                        "env: { LEPTON_START_ID: x }",
                        "lepton.yml:3:12: 'LEPTON_START_ID' is set by the supervisor itself"),
                service(
                        "env: { A: \"${prot}\" }",
                        "lepton.yml:3:15: 'services.web.env.A': unknown placeholder ${prot}, did you mean 'port'?; the known ones are home, java, management-port, node, port, unit and env:NAME"),
                service(
                        "env: { A: \"${env:MISSING}\" }",
                        "lepton.yml:3:15: 'services.web.env.A': ${env:MISSING} names an environment variable that is not set"),
                service(
                        "env: { A: \"${management-port}\" }",
                        "lepton.yml:3:15: 'services.web.env.A': ${management-port} needs 'management-port' to be declared"),
                service(
                        "stop: { timeout: 5 }",
                        "lepton.yml:3:22: 'services.web.stop.timeout' 5 must be a duration such as 500ms, 20s, 5m or 1h, from 100ms to 24h"),
                service(
                        "stop: { timeout: -5s }",
                        "lepton.yml:3:22: 'services.web.stop.timeout' -5s must be a duration"),
                service(
                        "stop: { timeuot: 5s }",
                        "lepton.yml:3:13: unknown key 'timeuot' in 'services.web.stop', did you mean 'timeout'?"),
                service(
                        "start: { deadline: 10d }",
                        "lepton.yml:3:24: 'services.web.start.deadline' 10d must be a duration"),
                service(
                        "restart: { type: always }",
                        "lepton.yml:3:22: 'services.web.restart.type' 'always' must be one of permanent, temporary, transient"),
                service(
                        "restart: { intensity: -1 }",
                        "lepton.yml:3:27: 'services.web.restart.intensity' -1 must be a whole number from 0 to 100"),
                service(
                        "restart: { strategy: all }",
                        "lepton.yml:3:26: 'services.web.restart.strategy' 'all' must be one of one-for-all, one-for-one, rest-for-one"),
                service(
                        "restart: { long-period: 60s }",
                        "lepton.yml:3:29: 'services.web.restart.long-period' PT1M must be longer than 'period' PT1M"),
                service(
                        "restart: { max-unavailable: 0 }",
                        "lepton.yml:3:33: 'services.web.restart.max-unavailable' 0 must be a whole number from 1 to 100"),
                service(
                        "restart: { probation: never }",
                        "lepton.yml:3:27: 'services.web.restart.probation' never must be a duration"),
                service(
                        "start: { concurrency: 0 }",
                        "lepton.yml:3:27: 'services.web.start.concurrency' 0 must be a whole number from 1 to 100"),
                service(
                        "liveness: off",
                        "lepton.yml:3:15: 'services.web.liveness' must be 'none' or a mapping"),
                service(
                        "liveness: { failures: 1 }",
                        "lepton.yml:3:27: 'services.web.liveness.failures' 1 must be a whole number from 2 to 100"),
                service(
                        "liveness: { port: management }",
                        "lepton.yml:3:15: 'services.web.liveness.path' is missing"),
                service(
                        "restart: { max-delay: 100ms }",
                        "lepton.yml:3:27: 'services.web.restart.max-delay' PT0.1S must not be shorter than 'first-delay' PT0.5S"),
                service(
                        "restart: { exit-codes-not-retried: [256] }",
                        "lepton.yml:3:40: 'services.web.restart.exit-codes-not-retried' 256 must be a whole number from 0 to 255"),
                service(
                        "jar: a.jar",
                        "lepton.yml:3:10: 'services.web' has both 'command' and 'jar'; keep one"),
                service(
                        "args: [a]",
                        "lepton.yml:3:5: 'services.web.args' goes with 'jar'; put it into 'command'"),
                service("? [a, b] : c", "lepton.yml:3:7: a key must be a plain word"),
                service(
                        "env: { A: !!java.net.URL [x] }",
                        "lepton.yml:3:15: is no YAML: Global tag is not allowed: tag:yaml.org,2002:java.net.URL"),
                service(
                        "env: { A: !secret x }",
                        "lepton.yml:3:15: tag '!secret' is not allowed; write the plain value"),
                service(
                        "env: { A: \"a\\0b\" }",
                        "lepton.yml:3:15: 'services.web.env.A' must not contain a NUL character"),
                wrong(
                        "services:\n  web: {}",
                        "lepton.yml:2:8: 'services.web' needs 'command', 'jar' or 'containers'"),
                wrong(
                        "services:\n  web: { command: [] }",
                        "lepton.yml:2:19: 'services.web.command' must name a program"),
                wrong(
                        "services:\n  web: { command: run }",
                        "lepton.yml:2:19: 'services.web.command' must be a list, but is the value 'run'"),
                wrong(
                        "services:\n  web: { command: [[a]] }",
                        "lepton.yml:2:20: 'an item of services.web.command' must be a single value, but is a list"),
                service(
                        "aot: true",
                        "lepton.yml:3:5: 'services.web.aot' goes with 'jar': only a Java program has such a cache"),
                wrong(
                        "services:\n  web: { jar: a.jar, probe: none, aot: true }",
                        "lepton.yml:2:35: 'services.web.aot' needs a probe"),
                Arguments.of(
                        "services:\n  web: { jar: a.jar, aot: maybe }",
                        "lepton.yml:2:27: 'services.web.aot' must be true, false or a mapping"),
                wrong(
                        "services:\n  web: { jar: a.jar, aot: { env: { LEPTON_HOME: x } } }",
                        "lepton.yml:2:36: 'LEPTON_HOME' is set by the supervisor itself"),
                wrong(
                        "services:\n  web: { jar: a.jar, aot: { heap: big } }",
                        "lepton.yml:2:29: unknown key 'heap' in 'services.web.aot'"),
                wrong(
                        "services:\n  Web: { command: [a] }",
                        "lepton.yml:2:3: service name 'Web' must be "),
                wrong(
                        "node: a b\nservices: { a: { command: [a] } }",
                        "lepton.yml:1:7: node name 'a b' must be "),
                wrong(
                        "registry: ftp://x\nservices: { a: { command: [a] } }",
                        "lepton.yml:1:11: 'registry' 'ftp://x' must be a URL such as http://127.0.0.1:8761"),
                wrong(
                        "registry: { a: b }\nservices: { a: { command: [a] } }",
                        "lepton.yml:1:11: 'registry' must be a list, but is a mapping"),
                wrong(
                        "services:\n  a: { command: [x], port: 80 }\n  b: { command: [x], port: 80 }",
                        "lepton.yml:3:28: 'services.b.port' 80 is already 'services.a.port'"),
                wrong(
                        "services:\n  a: { command: [x], depends-on: [b] }\n  b: { command: [x], depends-on: [c] }\n  c: { command: [x], depends-on: [a] }",
                        "lepton.yml:4:34: 'services.c.depends-on' closes a circle: a → b → c → a"),
                containers(
                        "port: 80\n    containers: 0",
                        "lepton.yml:4:17: 'services.web.containers' 0 must be a whole number from 1 to 100"),
                containers(
                        "port: 80\n    containers: many",
                        "lepton.yml:4:17: 'services.web.containers' many must be a whole number from 1 to 100"),
                containers(
                        "port: 80\n    containers: []",
                        "lepton.yml:4:17: 'services.web.containers' must be a number or name at least one unit"),
                containers(
                        "port: 80\n    containers: { a: 1 }",
                        "lepton.yml:4:17: 'services.web.containers' must be a list, but is a mapping"),
                containers(
                        "port: 80\n    containers: [web-a, web-a]",
                        "lepton.yml:4:17: 'services.web.containers' names web-a twice"),
                containers("port: 80\n    containers: [web a]", "lepton.yml:4:17: unit id 'web a'"),
                containers(
                        "containers: 1",
                        "lepton.yml:3:5: 'services.web' needs 'port': where its containers listen"),
                containers(
                        "containers: 1\n    port: auto",
                        "lepton.yml:4:11: 'services.web.port' auto must be a whole number from 1 to 65535"),
                containers(
                        "containers: 1\n    port: 80\n    management-port: auto",
                        "lepton.yml:5:22: 'services.web.management-port' auto must be a whole number from 1 to 65535"),
                containers(
                        "containers: 1\n    port: 80\n    beater: nobody",
                        "lepton.yml:5:13: 'services.web.beater' 'nobody' must be one of node, none, self"),
                containers(
                        "containers: 1\n    port: 80\n    image: web",
                        "lepton.yml:5:5: unknown key 'image' in 'services.web'"),
                onlyForProcesses("command: [run]"),
                onlyForProcesses("jar: web.jar"),
                onlyForProcesses("java-options: [-Xmx1g]"),
                onlyForProcesses("args: [x]"),
                onlyForProcesses("units: 2"),
                onlyForProcesses("env: { A: b }"),
                onlyForProcesses("working-directory: x"),
                onlyForProcesses("aot: true"),
                wrong(
                        "engine: tcp://engine:2375\nservices: { web: { command: [x] } }",
                        "lepton.yml:1:1: 'engine' is for 'containers', which no service has"),
                wrong(
                        "project: shop\nservices: { web: { command: [x] } }",
                        "lepton.yml:1:1: 'project' is for 'containers', which no service has"),
                engine("engine:2375"),
                engine("http://engine:2375"),
                engine("tcp://engine"),
                engine("tcp://engine:2375/path"),
                engine("unix://var/run/docker.sock"),
                engine("unix:///"),
                engine("::"),
                wrong(
                        "project: My Shop\nservices: { web: { containers: 1, port: 80 } }",
                        "lepton.yml:1:10: 'project' 'My Shop' must be the name of a Compose project: lower-case letters, digits, '-' and '_'"),
                wrong(
                        "services:\n  a: { containers: [web-1], port: 80 }\n  web: { command: [x] }",
                        "lepton.yml:3:3: 'services.web' would name a unit web-1, as 'services.a' does; rename one of them"),
                wrong(
                        "services:\n  a: { command: [x], units: 2 }\n  a-1: { command: [x], beater: none }",
                        "lepton.yml:3:3: 'services.a-1' would name a unit a-1, as 'services.a' does; rename one of them"));
    }

    @Test
    void aServiceOfContainersIsReadWithItsEngine() {
        Declaration declaration =
                read(
                        """
                        engine: tcp://engine:2375
                        project: shop
                        services:
                          base: { command: [run], port: 8080 }
                          worker:
                            containers: 2
                            port: 8080
                            management-port: 8081
                            depends-on: [base]
                            stop: { timeout: 3s }
                            restart: { intensity: 2 }
                          web: { containers: [front, back], port: 8080, beater: node }
                        """);

        assertThat(declaration.engine())
                .isEqualTo(new EngineChoice(URI.create("tcp://engine:2375"), "shop"));
        ServiceDeclaration worker = declaration.services().get(new ServiceName("worker"));
        assertThat(worker.inContainers()).isTrue();
        assertThat(worker.unitIds())
                .containsExactly(new UnitId("worker-1"), new UnitId("worker-2"));
        assertThat(worker.beating()).isEqualTo(Beating.SELF);
        assertThat(worker.managementPort()).isEqualTo(PortChoice.fixed(8081));
        assertThat(worker.liveness().probe()).isEqualTo(LivenessProbe.OF_THE_STARTER);
        assertThat(worker.stopTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(worker.policy().restart().intensity()).isEqualTo(2);
        ServiceDeclaration web = declaration.services().get(new ServiceName("web"));
        assertThat(web.unitIds()).containsExactly(new UnitId("front"), new UnitId("back"));
        assertThat(web.beating()).isEqualTo(Beating.NODE);
        assertThat(declaration.registered()).containsExactly(new ServiceName("base"));
        assertThat(declaration.capacity()).isEqualTo(5);
    }

    @Test
    void containersAreThoseOfTheEngineOfTheMachineUnlessTheFileNamesAnother() {
        Declaration declaration = read("services: { web: { containers: 1, port: 80 } }");

        assertThat(declaration.engine())
                .isEqualTo(new EngineChoice(URI.create("unix:///var/run/docker.sock"), null));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void aWrongFileIsRefusedWithThePlaceAndTheRule(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(DeclarationRefused.class)
                .message()
                .startsWith(message);
    }

    @Test
    void allProblemsOfAFileAreToldInOneGo() {
        DeclarationRefused refused =
                catchThrowableOfType(
                        DeclarationRefused.class,
                        () ->
                                read(
                                        """
                                        nod: x
                                        services:
                                          web:
                                            comand: [a]
                                            units: -1
                                            stop: { timeout: soon }
                                            depends-on: [nobody]
                                        """));

        assertThat(refused.problems())
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(
                        "lepton.yml:1:1",
                        "lepton.yml:4:5",
                        "lepton.yml:4:5",
                        "lepton.yml:5:12",
                        "lepton.yml:6:22",
                        "lepton.yml:7:17");
    }

    @Test
    void aliasesCannotBlowTheFileUp() {
        StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c < 'z'; c++) {
            String before = "*" + (char) (c - 1);
            bomb.append(
                    "%s: &%s [%s]\n"
                            .formatted(
                                    c,
                                    c,
                                    String.join(
                                            ", ",
                                            List.of(
                                                    before, before, before, before, before, before,
                                                    before, before, before))));
        }

        assertThatThrownBy(() -> read(bomb.toString())).isInstanceOf(DeclarationRefused.class);
    }

    @Test
    void aFileThatIsMissingTooLargeOrNoTextIsRefused(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing.yml");
        Path large = Files.write(folder.resolve("large.yml"), new byte[1024 * 1024 + 1]);
        Path binary =
                Files.write(
                        folder.resolve("binary.yml"),
                        "a: \u00e4".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> reader.read(missing))
                .hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> reader.read(large))
                .hasMessage(large + ": has 1048577 bytes, the limit is 1048576");
        assertThatThrownBy(() -> reader.read(binary)).hasMessage(binary + ": is not UTF-8 text");
        assertThatThrownBy(() -> reader.read(folder))
                .hasMessageStartingWith(folder + ": cannot be read");
    }

    private Declaration read(String text) {
        return Objects.requireNonNull(reader.read("lepton.yml", FOLDER, text));
    }

    private static Arguments wrong(String text, String message) {
        return Arguments.of(text, message);
    }

    private static Arguments containers(String keys, String message) {
        return Arguments.of("services:\n  web:\n    " + keys, message);
    }

    private static Arguments onlyForProcesses(String key) {
        return containers(
                "containers: 1\n    port: 80\n    " + key,
                "lepton.yml:5:5: 'services.web.%s' is for processes, but 'services.web' has 'containers': they are created elsewhere, as by Compose"
                        .formatted(key.substring(0, key.indexOf(':'))));
    }

    private static Arguments engine(String url) {
        return wrong(
                "engine: '%s'\nservices: { web: { containers: 1, port: 80 } }".formatted(url),
                "lepton.yml:1:9: 'engine' '%s' must be a URL such as unix:///var/run/docker.sock or tcp://engine:2375"
                        .formatted(url));
    }

    private static Arguments service(String keys, String message) {
        return Arguments.of("services:\n  web:\n    " + keys + "\n    command: [run]", message);
    }
}
