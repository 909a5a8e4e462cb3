package dev.lepton.registry.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

class SettingsTests {

    @Test
    void everyPropertyHasTheDefaultOfTheDesign() throws Exception {
        Map<String, String> defaults = new TreeMap<>();
        PropertyMetadata.ofThisModule()
                .forEach((name, property) -> defaults.put(name, property.defaultValue()));

        assertThat(defaults)
                .containsExactly(
                        entry("lepton.brake.permit-duration", "2m"),
                        entry("lepton.changelog.compact-interval", "1m"),
                        entry("lepton.changelog.max-rows", "1000000"),
                        entry("lepton.changelog.retention", "7d"),
                        entry("lepton.flap.calm", "10m"),
                        entry("lepton.flap.downs", "3"),
                        entry("lepton.flap.first-hold", "10s"),
                        entry("lepton.flap.max-hold", "5m"),
                        entry("lepton.flap.window", "10m"),
                        entry("lepton.heartbeat.max-rate", "10000"),
                        entry("lepton.home", ".lepton"),
                        entry("lepton.incident.kept-per-unit", "100"),
                        entry("lepton.incident.retention", "90d"),
                        entry("lepton.leader.lease", "6s"),
                        entry("lepton.leader.renew-interval", "1s"),
                        entry("lepton.lease.duration", "6s"),
                        // A third of 'lepton.lease.duration'.
                        entry("lepton.lease.exclusive-margin", null),
                        entry("lepton.lease.flush-interval", "250ms"),
                        entry("lepton.lease.heartbeat-interval", "1s"),
                        entry("lepton.lease.heartbeat-timeout", "300ms"),
                        entry("lepton.lease.pause-limit", "1s"),
                        entry("lepton.lease.stored-within", "1s"),
                        entry("lepton.lease.suspect-after", "3s"),
                        entry("lepton.lease.sweep-interval", "250ms"),
                        entry("lepton.lifecycle.forget-after", "1h"),
                        entry("lepton.lifecycle.start-deadline", "60s"),
                        entry("lepton.node.lost-after", "60s"),
                        entry("lepton.node.mass-lost-after", "5m"),
                        entry("lepton.node.move-again-after", "6h"),
                        entry("lepton.postgres.attach-timeout", "60s"),
                        entry("lepton.postgres.start", "true"),
                        entry("lepton.silence.hold", "60s"),
                        entry("lepton.silence.raise-after", "15m"),
                        entry("lepton.silence.window", "60s"),
                        // The file 'token' in 'lepton.home'.
                        entry("lepton.token-file", null));
    }

    @Test
    void homeIsSetToItsDefaultInTheApplicationsOwnSettings() throws Exception {
        var own =
                new YamlPropertySourceLoader()
                        .load("application", new ClassPathResource("application.yml"));

        assertThat(own)
                .singleElement()
                .extracting(source -> source.getProperty("lepton.home"))
                .isEqualTo(".lepton");
    }

    @Test
    void defaultsAreTheOnesOfTheDesign() {
        assertThat(bound("lepton.lease", LeaseSettings.class))
                .isEqualTo(
                        new LeaseSettings(
                                Duration.ofSeconds(1),
                                Duration.ofMillis(300),
                                Duration.ofMillis(250),
                                Duration.ofMillis(250),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2)));
        assertThat(bound("lepton.silence", SilenceSettings.class))
                .isEqualTo(
                        new SilenceSettings(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofMinutes(15)));
        assertThat(bound("lepton.lifecycle", LifecycleSettings.class))
                .isEqualTo(new LifecycleSettings(Duration.ofSeconds(60), Duration.ofHours(1)));
        assertThat(bound("lepton.leader", LeaderSettings.class))
                .isEqualTo(new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(6)));
        assertThat(bound("lepton.brake", BrakeSettings.class))
                .isEqualTo(new BrakeSettings(Duration.ofMinutes(2)));
        assertThat(bound("lepton.incident", IncidentSettings.class))
                .isEqualTo(new IncidentSettings(Duration.ofDays(90), 100));
    }

    @Test
    void earliestSuspicionThatTwoLateBeatsCannotCauseIsAccepted() {
        assertThat(bound("lepton.lease", LeaseSettings.class, "suspect-after", "2800ms"))
                .extracting(LeaseSettings::suspectAfter)
                .isEqualTo(Duration.ofMillis(2800));
    }

    @Test
    void suspicionOneMillisecondTooEarlyIsRefusedWithPropertiesValuesAndRule() {
        assertThatThrownBy(
                        () -> bound("lepton.lease", LeaseSettings.class, "suspect-after", "2799ms"))
                .rootCause()
                .hasMessage(
                        "'lepton.lease.suspect-after' PT2.799S must be at least two times"
                                + " 'lepton.lease.heartbeat-interval' PT1S plus"
                                + " 'lepton.lease.heartbeat-timeout' PT0.3S plus"
                                + " 'lepton.lease.flush-interval' PT0.25S plus"
                                + " 'lepton.lease.sweep-interval' PT0.25S, that is PT2.8S");
    }

    @Test
    void marginOneMillisecondShorterThanHalfOfTheLeaseIsAccepted() {
        assertThat(bound("lepton.lease", LeaseSettings.class, "exclusive-margin", "2999ms"))
                .extracting(LeaseSettings::exclusiveMargin)
                .isEqualTo(Duration.ofMillis(2999));
    }

    @Test
    void marginOfHalfTheLeaseIsRefused() {
        assertThatThrownBy(
                        () -> bound("lepton.lease", LeaseSettings.class, "exclusive-margin", "3s"))
                .rootCause()
                .hasMessage(
                        "'lepton.lease.exclusive-margin' PT3S must be shorter than half of"
                                + " 'lepton.lease.duration' PT6S");
    }

    @Test
    void leaseOfTwoSuspicionsIsAccepted() {
        assertThat(bound("lepton.lease", LeaseSettings.class, "duration", "6000ms")).isNotNull();
    }

    @Test
    void leaseOneMillisecondShorterIsRefused() {
        assertThatThrownBy(() -> bound("lepton.lease", LeaseSettings.class, "duration", "5999ms"))
                .rootCause()
                .hasMessage(
                        "'lepton.lease.duration' PT5.999S must be at least two times"
                                + " 'lepton.lease.suspect-after' PT3S");
    }

    @Test
    void intervalOfNothingIsRefused() {
        assertThatThrownBy(() -> bound("lepton.lease", LeaseSettings.class, "flush-interval", "0s"))
                .rootCause()
                .hasMessage("'lepton.lease.flush-interval' PT0S must be longer than nothing");
        assertThatThrownBy(() ->
                        bound("lepton.lifecycle", LifecycleSettings.class, "start-deadline", "-1s"))
                .rootCause()
                .hasMessage("'lepton.lifecycle.start-deadline' PT-1S must be longer than nothing");
    }

    @Test
    void keepingNoIncidentOfAUnitIsRefused() {
        assertThatThrownBy(() ->
                        bound("lepton.incident", IncidentSettings.class, "kept-per-unit", "0"))
                .rootCause()
                .hasMessage("'lepton.incident.kept-per-unit' 0 must be at least 1");
    }

    @Test
    void keepingFewerThanAThousandChangesIsRefused() {
        assertThat(bound("lepton.changelog", ChangeLogSettings.class, "max-rows", "1000"))
                .isNotNull();
        assertThatThrownBy(
                        () -> bound("lepton.changelog", ChangeLogSettings.class, "max-rows", "999"))
                .rootCause()
                .hasMessage("'lepton.changelog.max-rows' 999 must be at least 1000");
    }

    @Test
    void compactionLessOftenThanOnceARetentionIsRefused() {
        assertThat(bound("lepton.changelog", ChangeLogSettings.class, "retention", "1m"))
                .isNotNull();
        assertThatThrownBy(() ->
                        bound("lepton.changelog", ChangeLogSettings.class, "retention", "59s"))
                .rootCause()
                .hasMessage(
                        "'lepton.changelog.compact-interval' PT1M must not be longer than"
                                + " 'lepton.changelog.retention' PT59S");
    }

    @Test
    void rateOfNoBeatsIsRefused() {
        assertThat(bound("lepton.heartbeat", HeartbeatSettings.class, "max-rate", "1")).isNotNull();
        assertThatThrownBy(
                        () -> bound("lepton.heartbeat", HeartbeatSettings.class, "max-rate", "0"))
                .rootCause()
                .hasMessage("'lepton.heartbeat.max-rate' 0 must be at least 1");
    }

    @Test
    void leadersLeaseShorterThanThreeRenewalsIsRefused() {
        assertThatThrownBy(() -> bound("lepton.leader", LeaderSettings.class, "lease", "2999ms"))
                .rootCause()
                .hasMessage(
                        "'lepton.leader.lease' PT2.999S must be at least three times"
                                + " 'lepton.leader.renew-interval' PT1S");
    }

    @Test
    void longestHoldOfAFlappingUnitIsNotShorterThanTheFirst() {
        assertThat(bound("lepton.flap", FlapSettings.class, "max-hold", "10s")).isNotNull();
        assertThatThrownBy(() -> bound("lepton.flap", FlapSettings.class, "max-hold", "9999ms"))
                .rootCause()
                .hasMessage(
                        "'lepton.flap.max-hold' PT9.999S must not be shorter than"
                                + " 'lepton.flap.first-hold' PT10S");
    }

    @Test
    void lossOfMostNodesIsNotBelievedSoonerThanThatOfOne() {
        assertThat(bound("lepton.node", NodeSettings.class, "mass-lost-after", "60s")).isNotNull();
        assertThatThrownBy(() ->
                        bound("lepton.node", NodeSettings.class, "mass-lost-after", "59999ms"))
                .rootCause()
                .hasMessage(
                        "'lepton.node.mass-lost-after' PT59.999S must not be shorter than"
                                + " 'lepton.node.lost-after' PT1M");
    }

    @Test
    void oneTimeDownIsNoFlapping() {
        assertThat(bound("lepton.flap", FlapSettings.class, "downs", "2")).isNotNull();
        assertThatThrownBy(() -> bound("lepton.flap", FlapSettings.class, "downs", "1"))
                .rootCause()
                .hasMessage("'lepton.flap.downs' 1 must be at least 2");
    }

    private static <T> T bound(String prefix, Class<T> type) {
        return bound(prefix, type, "unrelated", "1");
    }

    private static <T> T bound(String prefix, Class<T> type, String name, String value) {
        return new Binder(new MapConfigurationPropertySource(Map.of(prefix + "." + name, value)))
                .bindOrCreate(prefix, Bindable.of(type));
    }
}
