package dev.lepton.starter.autoconfigure;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.starter.unit.UnitSettings;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.core.env.Environment;

/** Puts together what the process is from Lepton's settings and from what Spring Boot knows. */
final class UnitSettingsReader {

    private static final Logger log = LoggerFactory.getLogger(UnitSettingsReader.class);

    private final LeptonProperties properties;
    private final Environment environment;
    private final @Nullable BuildProperties build;

    UnitSettingsReader(
            LeptonProperties properties, Environment environment, @Nullable BuildProperties build) {
        this.properties = properties;
        this.environment = environment;
        this.build = build;
    }

    UnitSettings read() {
        LeptonProperties.Unit unit = properties.unit();
        return new UnitSettings(
                unit.id() == null ? null : new UnitId(unit.id()),
                properties.startId() == null
                        ? StartId.random()
                        : StartId.parse(properties.startId()),
                service(),
                properties.node() == null ? null : new NodeName(properties.node()),
                host(),
                unit.port(),
                version(),
                unit.weight(),
                unit.zone(),
                unit.labels());
    }

    private ServiceName service() {
        if (properties.unit().service() != null) {
            return new ServiceName(properties.unit().service());
        }
        if (properties.service() != null) {
            return new ServiceName(properties.service());
        }
        String application = environment.getProperty("spring.application.name", "");
        if (application.isBlank()) {
            throw new InvalidSetting(
                    "lepton.unit.service",
                    "is missing",
                    "and there is no 'spring.application.name': one of them must name the service");
        }
        try {
            return new ServiceName(application.strip().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting("spring.application.name", application, e);
        }
    }

    /** A server that is bound to one address answers at no other. */
    private @Nullable String host() {
        if (properties.unit().host() != null) {
            return properties.unit().host();
        }
        InetAddress bound = OwnServer.of(environment).boundTo();
        if (bound == null) {
            return properties.nodeAddress();
        }
        if (bound.isLoopbackAddress() && properties.nodeAddress() != null) {
            log.warn(
                    "'server.address' {} is out of the reach of other machines, which know this one as {}: set it to 0.0.0.0 to serve them",
                    bound.getHostAddress(),
                    properties.nodeAddress());
        }
        return bound.getHostAddress();
    }

    private @Nullable String version() {
        if (properties.unit().version() != null) {
            return properties.unit().version();
        }
        String application = environment.getProperty("spring.application.version", "");
        if (!application.isBlank()) {
            return application;
        }
        return build == null ? null : build.getVersion();
    }
}
