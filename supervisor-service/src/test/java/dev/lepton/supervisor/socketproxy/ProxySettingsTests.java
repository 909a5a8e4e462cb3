package dev.lepton.supervisor.socketproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySettingsTests {

    @Test
    void theDefaultsAreTheEngineOfThisMachineAndLoopback() {
        assertThat(ProxySettings.of(Map.of("LEPTON_PROJECT", " ")))
                .isEqualTo(
                        new ProxySettings(
                                Path.of("/var/run/docker.sock"),
                                new InetSocketAddress("127.0.0.1", 2375),
                                null,
                                null));
    }

    @Test
    void eachIsSetByTheEnvironment() {
        assertThat(
                        ProxySettings.of(
                                Map.of(
                                        "LEPTON_ENGINE_SOCKET",
                                        "/run/other.sock",
                                        "LEPTON_ADDRESS",
                                        "0.0.0.0",
                                        "LEPTON_PORT",
                                        "2400",
                                        "LEPTON_PROJECT",
                                        "shop",
                                        "HOSTNAME",
                                        "0123456789ab")))
                .isEqualTo(
                        new ProxySettings(
                                Path.of("/run/other.sock"),
                                new InetSocketAddress("0.0.0.0", 2400),
                                "shop",
                                "0123456789ab"));
    }

    @ParameterizedTest
    @CsvSource({
        "LEPTON_PORT,0,a port from 1 to 65535",
        "LEPTON_PORT,65536,a port from 1 to 65535",
        "LEPTON_PORT,tcp,a port from 1 to 65535",
        "LEPTON_PROJECT,My Shop,the name of a Compose project",
        "LEPTON_ADDRESS,no such host,no address of this machine"
    })
    void aSettingThatIsNoneIsRefused(String name, String value, String rule) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ProxySettings.of(Map.of(name, value)))
                .withMessageContaining(name)
                .withMessageContaining(value)
                .withMessageContaining(rule);
    }
}
