package dev.lepton.starter.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.starter.unit.UnitSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class LeptonPropertiesTests {

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    LeptonAutoConfiguration.class,
                                    LeptonServletAutoConfiguration.class));
    private final WebApplicationContextRunner named =
            runner.withPropertyValues("spring.application.name=Worker");

    @Test
    void theDefaults() {
        named.run(context ->
                assertThat(context.getBean(LeptonProperties.class))
                        .isEqualTo(
                                new LeptonProperties(
                                        true,
                                        new LeptonProperties.Registry(
                                                List.of(URI.create("http://localhost:8761")),
                                                Duration.ofSeconds(2)),
                                        Path.of(".lepton"),
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        new LeptonProperties.Unit(
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                100,
                                                null,
                                                Map.of(),
                                                new LeptonProperties.SelfCheck(null)),
                                        new LeptonProperties.Drain(
                                                Duration.ofSeconds(10), Duration.ofMillis(500)))));
    }

    @Test
    void whatNobodySaidIsMadeUp() {
        named.run(context ->
                assertThat(context.getBean(UnitSettings.class))
                        .satisfies(s -> {
                            assertThat(s.id()).isNull();
                            assertThat(s.service()).isEqualTo(new ServiceName("worker"));
                            assertThat(s.startId()).isNotNull();
                            assertThat(s.node()).isNull();
                            assertThat(s.host()).isNull();
                            assertThat(s.version()).isNull();
                        }));
    }

    @Test
    void aSupervisorsEnvironmentIsUnderstood() {
        Map<String, Object> environment =
                Map.of(
                        "LEPTON_UNIT_ID", "worker-1",
                        "LEPTON_START_ID", "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
                        "LEPTON_SERVICE", "worker",
                        "LEPTON_NODE", "left",
                        "LEPTON_REGISTRY_URL", "http://a:1,http://b:2",
                        "LEPTON_HOME", "/var/lepton",
                        "LEPTON_TOKEN_FILE", "some/token");
        runner.withInitializer(context ->
                        context.getEnvironment()
                                .getPropertySources()
                                .addFirst(
                                        new SystemEnvironmentPropertySource(
                                                StandardEnvironment
                                                        .SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                                environment)))
                .run(context -> {
                    LeptonProperties properties = context.getBean(LeptonProperties.class);
                    assertThat(properties.registry().url())
                            .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
                    assertThat(properties.home()).isEqualTo(Path.of("/var/lepton"));
                    assertThat(properties.tokenFile()).isEqualTo(Path.of("some/token"));
                    UnitSettings settings = context.getBean(UnitSettings.class);
                    assertThat(settings.id()).isEqualTo(new UnitId("worker-1"));
                    assertThat(settings.service()).isEqualTo(new ServiceName("worker"));
                    assertThat(settings.node()).isEqualTo(new NodeName("left"));
                    assertThat(settings.startId())
                            .isEqualTo(StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11"));
                });
    }

    @ParameterizedTest
    @CsvSource({
        "lepton.enabled=true, .lepton/token",
        "lepton.home=/var/lepton, /var/lepton/token",
        "lepton.home=, .lepton/token",
        "lepton.token-file=/run/secrets/token, /run/secrets/token",
        "lepton.token-file=, .lepton/token"
    })
    void theTokenLiesInTheFolderOfTheStateUnlessItsFileIsNamed(String setting, Path file) {
        named.withPropertyValues(setting)
                .run(context ->
                        assertThat(context.getBean(LeptonProperties.class).tokenFileOrDefault())
                                .isEqualTo(file));
    }

    @Test
    void theServiceIsTheMostParticularOfItsThreeNames() {
        named.withPropertyValues("lepton.service=given", "lepton.unit.service=own")
                .run(c -> assertThat(c.getBean(UnitSettings.class).service()).hasToString("own"));
        named.withPropertyValues("lepton.service=given")
                .run(c -> assertThat(c.getBean(UnitSettings.class).service()).hasToString("given"));
    }

    @Test
    void aServerThatIsBoundToOneAddressAdvertisesIt() {
        named.withPropertyValues("server.address=127.0.0.2")
                .run(c -> assertThat(c.getBean(UnitSettings.class).host()).isEqualTo("127.0.0.2"));
        named.withPropertyValues("server.address=0.0.0.0")
                .run(c -> assertThat(c.getBean(UnitSettings.class).host()).isNull());
    }

    @Test
    void aUnitAdvertisesItsNodesAddressUnlessItKnowsBetter() {
        WebApplicationContextRunner told = named.withPropertyValues("lepton.node-address=10.1.2.3");
        told.run(c -> assertThat(c.getBean(UnitSettings.class).host()).isEqualTo("10.1.2.3"));
        told.withPropertyValues("server.address=0.0.0.0")
                .run(c -> assertThat(c.getBean(UnitSettings.class).host()).isEqualTo("10.1.2.3"));
        told.withPropertyValues("server.address=127.0.0.2")
                .run(c -> assertThat(c.getBean(UnitSettings.class).host()).isEqualTo("127.0.0.2"));
        told.withPropertyValues("lepton.unit.host=own")
                .run(c -> assertThat(c.getBean(UnitSettings.class).host()).isEqualTo("own"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aServerOutOfTheReachOfOtherMachinesSaysSo(CapturedOutput output) {
        named.withPropertyValues("server.address=127.0.0.1").run(c -> assertThat(c).hasNotFailed());
        assertThat(output).doesNotContain("out of the reach");

        named.withPropertyValues("server.address=127.0.0.1", "lepton.node-address=10.1.2.3")
                .run(c -> assertThat(c).hasNotFailed());
        assertThat(output)
                .contains(
                        "'server.address' 127.0.0.1 is out of the reach of other machines, which know this one as 10.1.2.3: set it to 0.0.0.0 to serve them");
    }

    @Test
    void emptyTextsOfPlaceholdersMeanNone() {
        named.withPropertyValues(
                        "lepton.unit.id=",
                        "lepton.start-id=",
                        "lepton.node= ",
                        "lepton.node-address=")
                .run(c -> assertThat(c.getBean(UnitSettings.class).id()).isNull());
    }

    @Test
    void aDisabledStarterLeavesNoTrace() {
        runner.withPropertyValues("lepton.enabled=false")
                .run(c ->
                        assertThat(c)
                                .hasNotFailed()
                                .doesNotHaveBean(UnitSettings.class)
                                .doesNotHaveBean("leptonUnitFilter"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
"""
lepton.registry.url=                 | 'lepton.registry.url' [] must name at least one URL
lepton.registry.url=localhost:8761   | 'lepton.registry.url' localhost:8761 must be an http or https URL with a host, such as http://localhost:8761
lepton.registry.url=http://me:secret@a:1| 'lepton.registry.url' with a user or a password is refused: the token belongs into the file 'lepton.token-file'
lepton.registry.url=http://secret@a_b| 'lepton.registry.url' with a user or a password is refused: the token belongs into the file 'lepton.token-file'
lepton.registry.url=me:secret@a      | 'lepton.registry.url' with a user or a password is refused: the token belongs into the file 'lepton.token-file'
lepton.registry.url=ftp://a          | 'lepton.registry.url' ftp://a must be an http or https URL with a host, such as http://localhost:8761
lepton.registry.timeout=10ms         | 'lepton.registry.timeout' PT0.01S must be from PT0.1S to PT1M
lepton.start-id=seven                | 'lepton.start-id' seven is refused: start id must be a UUID such as 0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11
lepton.service=Worker                | 'lepton.service' Worker is refused: service name 'Worker' must be 1 to 63 lower-case letters, digits, '.', '_' or '-', a letter or digit first
lepton.node=-                        | 'lepton.node' - is refused: node name '-' must be 1 to 128 letters, digits, '.', '_' or '-', a letter or digit first
lepton.node-address=http://a         | 'lepton.node-address' http://a is refused: address host 'http://a' must be a host name, an IPv4 address or an IPv6 address without brackets
lepton.unit.id=a b                   | 'lepton.unit.id' a b is refused: unit id 'a b' must be 1 to 128 letters, digits, '.', '_', ':' or '-', a letter or digit first
lepton.unit.service=a/b              | 'lepton.unit.service' a/b is refused: service name 'a/b' must be 1 to 63 lower-case letters, digits, '.', '_' or '-', a letter or digit first
lepton.unit.host=a_b                 | 'lepton.unit.host' a_b is refused: address host 'a_b' must be a host name, an IPv4 address or an IPv6 address without brackets
lepton.unit.port=0                   | 'lepton.unit.port' 0 must be from 1 to 65535
lepton.unit.port=65536               | 'lepton.unit.port' 65536 must be from 1 to 65535
lepton.unit.weight=0                 | 'lepton.unit.weight' 0 must be from 1 to 1000
lepton.unit.weight=1001              | 'lepton.unit.weight' 1001 must be from 1 to 1000
lepton.unit.self-check.path=health   | 'lepton.unit.self-check.path' health must begin with '/' and hold neither blanks nor control characters
lepton.drain.timeout=-1s             | 'lepton.drain.timeout' PT-1S must be from PT0S to PT10M
lepton.drain.quiet=11s               | 'lepton.drain.quiet' PT11S must be from PT0S to PT10S
spring.application.name=my service   | 'spring.application.name' my service is refused: service name 'my service' must be 1 to 63 lower-case letters, digits, '.', '_' or '-', a letter or digit first
spring.application.name=             | 'lepton.unit.service' is missing and there is no 'spring.application.name': one of them must name the service
""")
    void aBadSettingStopsTheStartAndNamesPropertyValueAndRule(String setting, String message) {
        named.withPropertyValues(setting)
                .run(context -> {
                    assertThat(context).hasFailed();
                    Throwable refusal = cause(context.getStartupFailure());
                    assertThat(refusal).hasMessage(message);
                    assertThat(((ExitCodeGenerator) refusal).getExitCode()).isEqualTo(78);
                });
    }

    @Test
    void aPasswordInTheRegistrysUrlIsToldNobody() {
        named.withPropertyValues("lepton.registry.url=http://me:secret@a:1")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .doesNotContain("secret");
                });
    }

    private static Throwable cause(Throwable failure) {
        Throwable each = failure;
        while (each != null && !(each instanceof InvalidSetting)) {
            each = each.getCause();
        }
        return each != null ? each : NestedExceptionUtils.getMostSpecificCause(failure);
    }
}
