package dev.lepton.registry.settings;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Binds the settings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    ChangeLogSettings.class,
    HeartbeatSettings.class,
    LeaseSettings.class,
    SilenceSettings.class,
    FlapSettings.class,
    NodeSettings.class,
    LifecycleSettings.class,
    LeaderSettings.class,
    BrakeSettings.class,
    IncidentSettings.class
})
class SettingsConfiguration {}
