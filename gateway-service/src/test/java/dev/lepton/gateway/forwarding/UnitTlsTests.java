package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

class UnitTlsTests {

    private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    private final HttpClientProperties.Ssl settings = new HttpClientProperties.Ssl();

    @Test
    void bundleThatThereIsNotIsRefused() {
        bundles.registerBundle("edge", SslBundle.of(SslStoreBundle.NONE));
        settings.setSslBundle("units");

        assertThatThrownBy(() -> new UnitTls(settings, bundles))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'spring.cloud.gateway.server.webflux.httpclient.ssl.ssl-bundle' 'units' must name a bundle of 'spring.ssl.bundle', of which there are [edge]");
    }

    @Test
    void unitsAreSecuredWithoutAnySettingToo() {
        UnitTls tls = new UnitTls(settings, bundles);

        assertThat(tls.secureHttp1(HttpClient.create()).configuration().isSecure()).isTrue();
        assertThat(
                        tls.secureHttp2(HttpClient.create().protocol(HttpProtocol.H2))
                                .configuration()
                                .isSecure())
                .isTrue();
    }
}
