package dev.lepton.starter.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.starter.FakeRegistry;
import dev.lepton.starter.SampleService;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;

class TlsSelfCheckIT {

    @TempDir private static Path folder;

    private final FakeRegistry registry = new FakeRegistry();

    @BeforeAll
    static void makeCertificate() throws Exception {
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "unit",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=not-this-address.example",
                                "-storepass",
                                "only-for-this-test",
                                "-keystore",
                                folder.resolve("store.p12").toString())
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, none", "REACTIVE, none", "SERVLET, need"})
    void aSecureConnectorIsCheckedWhateverItsCertificateIsAndWhomeverItTrusts(
            WebApplicationType type, String clientAuth) {
        try (SampleService _ =
                SampleService.start(
                        type,
                        registry.url(),
                        "server.ssl.key-store=" + folder.resolve("store.p12"),
                        "server.ssl.key-store-password=only-for-this-test",
                        "server.ssl.trust-store="
                                + Path.of(
                                        System.getProperty("java.home"),
                                        "lib",
                                        "security",
                                        "cacerts"),
                        "server.ssl.trust-store-password=changeit",
                        "server.ssl.client-auth=" + clientAuth)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            !registry.beats().isEmpty()
                                    && registry.lastBeat().selfCheck() == SelfCheck.OK);

            assertThat(registry.registrations().getFirst().address().scheme()).isEqualTo("https");
        }
    }
}
