package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.settings.GatewaySettings;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.HttpCookie;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class AffinitiesTests {

    private final Affinities affinities =
            new Affinities(
                    new Binder(
                                    new MapConfigurationPropertySource(
                                            Map.of(
                                                    "lepton.gateway.services.header.balancer",
                                                            "consistent-hash",
                                                    "lepton.gateway.services.header.hash-key",
                                                            "header:X-User",
                                                    "lepton.gateway.services.cookie.balancer",
                                                            "consistent-hash",
                                                    "lepton.gateway.services.cookie.hash-key",
                                                            "cookie:SESSION",
                                                    "lepton.gateway.services.query.balancer",
                                                            "consistent-hash",
                                                    "lepton.gateway.services.query.hash-key",
                                                            "query:user",
                                                    "lepton.gateway.services.pinned.version-header",
                                                            "Lepton-Version")))
                            .bindOrCreate("lepton.gateway", GatewaySettings.class),
                    new Random(1));

    private Affinity of(String service, MockServerHttpRequest.BaseBuilder<?> request) {
        return affinities.of(service, request.build());
    }

    private @Nullable String keyOf(String service, MockServerHttpRequest.BaseBuilder<?> request) {
        return of(service, request).key();
    }

    private static MockServerHttpRequest.BaseBuilder<?> request() {
        return MockServerHttpRequest.get("/x?user=by-query&user=other&none=")
                .header("x-user", " by-header ")
                .header("Lepton-Version", "v2")
                .cookie(new HttpCookie("SESSION", "by-cookie"));
    }

    @ParameterizedTest
    @CsvSource({"header, by-header", "cookie, by-cookie", "query, by-query"})
    void keyIsWhereTheSettingsSay(String service, String key) {
        assertThat(keyOf(service, request())).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"header", "cookie", "query"})
    void keyThatIsMissingOrBlankIsNone(String service) {
        assertThat(keyOf(service, MockServerHttpRequest.get("/x"))).isNull();
        assertThat(
                        keyOf(
                                service,
                                MockServerHttpRequest.get("/x?user=")
                                        .header("X-User", " ")
                                        .cookie(new HttpCookie("SESSION", ""))))
                .isNull();
    }

    @Test
    void onlyWhereAHeaderIsSetARequestCanDemandAVersion() {
        assertThat(of("pinned", request()).version()).isEqualTo("v2");
        assertThat(
                        of("pinned", MockServerHttpRequest.get("/x").header("Lepton-Version", ""))
                                .version())
                .isNull();
        assertThat(of("header", request()).version()).isNull();
        assertThat(of("unknown", request())).isEqualTo(Affinity.NONE);
    }
}
