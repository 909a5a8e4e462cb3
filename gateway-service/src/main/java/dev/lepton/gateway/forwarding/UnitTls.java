package dev.lepton.gateway.forwarding;

import java.util.Objects;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.config.HttpClientSslConfigurer;
import reactor.netty.http.client.HttpClient;

/**
 * TLS with units whose address is {@code https}, by the settings that Spring Cloud Gateway has for
 * all others.
 */
final class UnitTls {

    private static final String BUNDLE =
            "spring.cloud.gateway.server.webflux.httpclient.ssl.ssl-bundle";

    private final HttpClientProperties.Ssl settings;
    private final SslBundles bundles;

    /**
     * @throws IllegalArgumentException for a bundle that there is not, for which Spring Cloud
     *     Gateway would take the certificates of the JVM
     */
    UnitTls(HttpClientProperties.Ssl settings, SslBundles bundles) {
        String bundle = Objects.requireNonNullElse(settings.getSslBundle(), "");
        if (!bundle.isEmpty() && !bundles.getBundleNames().contains(bundle)) {
            throw new IllegalArgumentException(
                    "'%s' '%s' must name a bundle of 'spring.ssl.bundle', of which there are %s"
                            .formatted(BUNDLE, bundle, bundles.getBundleNames()));
        }
        this.settings = settings;
        this.bundles = bundles;
    }

    HttpClient secureHttp1(HttpClient client) {
        return secure(client, false);
    }

    HttpClient secureHttp2(HttpClient client) {
        return secure(client, true);
    }

    /** Whatever clients speak with the gateway, the units are offered one protocol. */
    private HttpClient secure(HttpClient client, boolean http2) {
        ServerProperties offered = new ServerProperties();
        offered.getHttp2().setEnabled(http2);
        return new HttpClientSslConfigurer(settings, offered, bundles)
                .configureSsl(client.secure());
    }
}
