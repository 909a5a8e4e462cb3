package dev.lepton.gateway.evidence;

import dev.lepton.gateway.fleet.RegistryToken;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.RegistrySettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class EvidenceConfiguration {

    private static final int LONGEST_HOST = 64;

    @Bean(destroyMethod = "close")
    RegistryAccess registryAccess(RegistrySettings registry, RegistryToken token) {
        return new RegistryAccess(registry.url(), token::read);
    }

    @Bean
    EvidenceReporter evidenceReporter(
            RoutingTables tables,
            RegistryAccess registry,
            Environment environment,
            LongSupplier nanoTime) {
        String host = host();
        return new EvidenceReporter(
                tables,
                registry,
                () -> "gateway-%s:%s".formatted(host, environment.getProperty("local.server.port")),
                nanoTime);
    }

    private static String host() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.substring(0, Math.min(LONGEST_HOST, name.length()));
        } catch (UnknownHostException e) {
            // A host that does not know its own name is still told apart by its port.
            return "localhost";
        }
    }
}
