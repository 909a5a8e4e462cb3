package dev.lepton.gateway.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import dev.lepton.gateway.settings.GatewaySettings.BreakerSettings;
import dev.lepton.gateway.settings.GatewaySettings.HedgeSettings;
import dev.lepton.gateway.settings.GatewaySettings.HoldSettings;
import dev.lepton.gateway.settings.GatewaySettings.LimitSettings;
import dev.lepton.gateway.settings.GatewaySettings.PoolSettings;
import dev.lepton.gateway.settings.GatewaySettings.RetryBudgetSettings;
import dev.lepton.gateway.settings.GatewaySettings.ServiceSettings;
import dev.lepton.gateway.settings.GatewaySettings.SlowStartSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

class SettingsTests {

    private static Binder binder(Map<String, ?> settings, Map<String, Object> environment) {
        MutablePropertySources sources = new MutablePropertySources();
        sources.addLast(new MapPropertySource("settings", new HashMap<>(settings)));
        sources.addLast(new SystemEnvironmentPropertySource("systemEnvironment", environment));
        return new Binder(ConfigurationPropertySources.from(sources));
    }

    private static GatewaySettings gateway(Map<String, ?> settings) {
        return binder(settings, Map.of()).bindOrCreate("lepton.gateway", GatewaySettings.class);
    }

    @Test
    void defaults() {
        assertThat(gateway(Map.of()))
                .isEqualTo(
                        new GatewaySettings(
                                BalancerKind.LEAST_LOADED,
                                null,
                                null,
                                new SlowStartSettings(Duration.ofSeconds(10), 0.1),
                                Map.of(),
                                List.of(),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(60),
                                3,
                                Set.of(502, 503, 504),
                                DataSize.ofKilobytes(64),
                                new HoldSettings(
                                        Duration.ofSeconds(10), 1000, Duration.ofSeconds(5)),
                                new RetryBudgetSettings(0.2, 10),
                                new HedgeSettings(0.95, Duration.ofMillis(20), 0.05),
                                new LimitSettings(true, 500, 10, 1000, 2, 2000),
                                new PoolSettings(1000, Duration.ofSeconds(10)),
                                new BreakerSettings(
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(1),
                                        20,
                                        5,
                                        0.5,
                                        5,
                                        Duration.ofSeconds(2),
                                        0.8,
                                        3)));
        Binder binder = binder(Map.of(), Map.of());
        assertThat(binder.bindOrCreate("lepton.gateway.edge", EdgeSettings.class))
                .isEqualTo(
                        new EdgeSettings(
                                Set.of(),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                null,
                                10_000,
                                1000));
        assertThat(binder.bindOrCreate("lepton.gateway.rate-limit", RateLimitSettings.class))
                .isEqualTo(new RateLimitSettings(100_000));
        assertThat(binder.bindOrCreate("lepton.gateway.cache", CacheSettings.class))
                .isEqualTo(new CacheSettings(DataSize.ofMegabytes(32), DataSize.ofMegabytes(1)));
        assertThat(binder.bindOrCreate("lepton.registry", RegistrySettings.class).url())
                .containsExactly(URI.create("http://localhost:8761"));
        LeptonSettings lepton = binder.bindOrCreate("lepton", LeptonSettings.class);
        assertThat(lepton.tokenFileOrDefault()).isEqualTo(Path.of(".lepton/token"));
        assertThat(lepton.diskList()).isEqualTo(Path.of(".lepton/gateway/fleet.json"));
    }

    @Test
    void environmentOfTheSupervisorIsUnderstood() {
        Binder binder =
                binder(
                        Map.of(),
                        Map.of(
                                "LEPTON_REGISTRY_URL", "http://a:1,http://b:2",
                                "LEPTON_TOKEN_FILE", "/secret/token",
                                "LEPTON_HOME", "/state",
                                "LEPTON_UNIT_ID", "gateway",
                                "LEPTON_SERVICE", "gateway"));

        assertThat(binder.bindOrCreate("lepton.registry", RegistrySettings.class).url())
                .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
        assertThat(binder.bindOrCreate("lepton", LeptonSettings.class))
                .isEqualTo(new LeptonSettings(Path.of("/state"), Path.of("/secret/token")));
    }

    @Test
    void balancerCanBeSetForOneService() {
        GatewaySettings settings =
                gateway(Map.of("lepton.gateway.services.worker.balancer", "round-robin"));

        assertThat(settings.balancerOf("worker")).isEqualTo(BalancerKind.ROUND_ROBIN);
        assertThat(settings.balancerOf("other")).isEqualTo(BalancerKind.LEAST_LOADED);
    }

    @Test
    void whatIsSetForOneServiceHoldsForItAlone() {
        GatewaySettings settings =
                gateway(
                        Map.of(
                                "lepton.gateway.services.reports.deadline", "5m",
                                "lepton.gateway.services.batch.priority", "low",
                                "lepton.gateway.services.orders.idempotency-key", "true"));

        assertThat(settings.priorityOf("orders")).isEqualTo(Priority.NORMAL);
        assertThat(settings.priorityOf("other")).isEqualTo(Priority.NORMAL);
        assertThat(settings.priorityOf("batch")).isEqualTo(Priority.LOW);
        assertThat(settings.deadlineOf("reports")).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.deadlineOf("orders")).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.idempotencyKeyOf("orders")).isTrue();
        assertThat(settings.idempotencyKeyOf("reports")).isFalse();
        assertThat(settings.idempotencyKeyOf("other")).isFalse();
    }

    @Test
    void rateLimitNeedsOnlyItsNumberOfRequests() {
        GatewaySettings settings =
                gateway(
                        Map.of(
                                "lepton.gateway.services.orders.rate-limit.requests", "10",
                                "lepton.gateway.services.search.rate-limit.requests", "600",
                                "lepton.gateway.services.search.rate-limit.per", "1m",
                                "lepton.gateway.services.search.rate-limit.burst", "20",
                                "lepton.gateway.services.search.rate-limit.key", "header:X-Api-Key",
                                "lepton.gateway.services.batch.priority", "low"));

        assertThat(settings.rateLimits())
                .isEqualTo(
                        Map.of(
                                "orders",
                                new ServiceRateLimit(
                                        10, Duration.ofSeconds(1), null, LimitKey.of("address")),
                                "search",
                                new ServiceRateLimit(
                                        600,
                                        Duration.ofMinutes(1),
                                        20L,
                                        LimitKey.of("header:X-Api-Key"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "per|0s|rate-limit.per' PT0S must be from PT0.001S to PT24H",
                "per|25h|rate-limit.per' PT25H must be from PT0.001S to PT24H",
                "burst|0|rate-limit.burst' 0 must be from 1 to 1000000",
            })
    void rateLimitThatBreaksItsRuleIsRefused(String name, String value, String rule) {
        String prefix = "lepton.gateway.services.w.rate-limit.";

        assertThatThrownBy(() -> gateway(Map.of(prefix + "requests", "1", prefix + name, value)))
                .rootCause()
                .hasMessageContaining(rule);
    }

    @Test
    void cacheIsSetByAWordOrByItsSettings() {
        GatewaySettings settings =
                gateway(
                        Map.of(
                                "lepton.gateway.services.word.cache", "true",
                                "lepton.gateway.services.yaml.cache", true,
                                "lepton.gateway.services.off.cache", "false",
                                "lepton.gateway.services.stale.cache.stale-if-error", "1h",
                                "lepton.gateway.services.none.priority", "low"));

        assertThat(settings.services().get("word").cache())
                .isEqualTo(new ServiceCache(true, Duration.ZERO));
        assertThat(settings.services().get("yaml").cache())
                .isEqualTo(new ServiceCache(true, Duration.ZERO));
        assertThat(settings.services().get("off").cache())
                .isEqualTo(new ServiceCache(false, Duration.ZERO));
        assertThat(settings.services().get("stale").cache())
                .isEqualTo(new ServiceCache(true, Duration.ofHours(1)));
        assertThat(settings.services().get("none").cache()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size|0B|cache.size' 0B must be positive",
                "max-body|-1B|cache.max-body' -1B must be from 0B",
                "max-body|33MB|must be from 0B to 'lepton.gateway.cache.size' 33554432B",
            })
    void settingOfTheCacheThatBreaksItsRuleIsRefused(String name, String value, String rule) {
        assertThatThrownBy(() ->
                        binder(Map.of("lepton.gateway.cache." + name, value), Map.of())
                                .bindOrCreate("lepton.gateway.cache", CacheSettings.class))
                .rootCause()
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10000001"})
    void numberOfClientsThatBreaksItsRuleIsRefused(String keys) {
        assertThatThrownBy(() ->
                        binder(Map.of("lepton.gateway.rate-limit.keys", keys), Map.of())
                                .bindOrCreate("lepton.gateway.rate-limit", RateLimitSettings.class))
                .rootCause()
                .hasMessageContaining(
                        "'lepton.gateway.rate-limit.keys' %s must be from 1 to 10000000", keys);
    }

    @Test
    void noStatusNeedBeTriedElsewhere() {
        assertThat(gateway(Map.of("lepton.gateway.retry-statuses", "")).retryStatuses()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lepton.gateway.connect-timeout|0s|must be positive",
                "lepton.gateway.connect-timeout|2s|must not be longer than 'lepton.gateway.attempt-timeout'",
                "lepton.gateway.attempt-timeout|-1s|must be positive",
                "lepton.gateway.attempt-timeout|31s|must not be longer than 'lepton.gateway.deadline'",
                "lepton.gateway.body-idle|0s|must be positive",
                "lepton.gateway.max-attempts|0|must be from 1 to 10",
                "lepton.gateway.max-attempts|11|must be from 1 to 10",
                "lepton.gateway.replay-limit|2MB|must be from 0B to",
                "lepton.gateway.hold.timeout|0s|must be positive",
                "lepton.gateway.hold.timeout|-1s|hold.timeout' PT-1S must be positive",
                "lepton.gateway.hold.requests|-1|hold.requests' -1 must be from 0 to 100000",
                "lepton.gateway.hold.requests|100001|must be from 0 to 100000",
                "lepton.gateway.hold.expect-return|-1s|hold.expect-return' PT-1S must not be negative",
                "lepton.gateway.retry-budget.ratio|-0.1|retry-budget.ratio' -0.1 must be from 0 to 10",
                "lepton.gateway.retry-budget.ratio|11|must be from 0 to 10",
                "lepton.gateway.retry-budget.ratio|NaN|must be from 0 to 10",
                "lepton.gateway.retry-budget.per-second|-1|retry-budget.per-second' -1 must be from 0 to 1000000",
                "lepton.gateway.retry-statuses|404|retry-statuses' 404 must be from 500 to 599",
                "lepton.gateway.retry-statuses|600|must be from 500 to 599",
                "lepton.gateway.hedge.quantile|1|hedge.quantile' 1.0 must be above 0 and below 1",
                "lepton.gateway.hedge.quantile|0|must be above 0 and below 1",
                "lepton.gateway.hedge.min-delay|0s|hedge.min-delay' PT0S must be positive",
                "lepton.gateway.hedge.ratio|1.1|hedge.ratio' 1.1 must be from 0 to 1",
                "lepton.gateway.hedge.ratio|-0.1|must be from 0 to 1",
                "lepton.gateway.limit.least|0|limit.least' 0 must be at least 1",
                "lepton.gateway.limit.initial|9|limit.initial' 9 not below it",
                "lepton.gateway.limit.most|499|limit.most' 499 not below that",
                "lepton.gateway.limit.tolerance|0.9|limit.tolerance' 0.9 must be from 1 to 100",
                "lepton.gateway.limit.service|0|limit.service' 0 must be from 1 to 1000000",
                "lepton.gateway.services.worker.priority|urgent|urgent",
                "lepton.gateway.services.worker.deadline|0s|must be positive",
                "lepton.gateway.services.w.rate-limit.per|1s|services.*.rate-limit.requests' 0 must be from 1 to 1000000",
                "lepton.gateway.services.w.rate-limit.requests|1000001|rate-limit.requests' 1000001 must be from 1 to 1000000",
                "lepton.gateway.services.w.rate-limit.key|cookie:A|rate-limit.key' cookie:A must be address, header:NAME or none",
                "lepton.gateway.services.w.rate-limit.key|header:|rate-limit.key' header: must be address, header:NAME or none",
                "lepton.gateway.services.w.cache|maybe|cache' maybe must be true, false or settings of it",
                "lepton.gateway.services.w.cache.stale-if-error|-1s|cache.stale-if-error' PT-1S must not be negative",
                "lepton.gateway.pool.max-connections|0|must be at least 1",
                "lepton.gateway.pool.max-idle|0s|must be positive",
                "lepton.gateway.breaker.open|0s|must be positive",
                "lepton.gateway.breaker.max-open|1s|must not be shorter than 'lepton.gateway.breaker.open'",
                "lepton.gateway.breaker.window|4|must be at least 'lepton.gateway.breaker.minimum'",
                "lepton.gateway.breaker.failure-ratio|0|must be above 0 and at most 1",
                "lepton.gateway.breaker.failure-ratio|1.1|must be above 0 and at most 1",
                "lepton.gateway.breaker.slow|0s|must be positive",
                "lepton.gateway.breaker.slow-ratio|0|must be above 0 and at most 1",
                "lepton.gateway.breaker.failures-in-row|0|failures-in-row' 0 must be at least 1",
                "lepton.gateway.breaker.silent-attempts|0|must be at least 1",
                "lepton.gateway.balancer|fastest|fastest",
                "lepton.gateway.balancer|consistent-hash|lepton.gateway.balancer' consistent-hash must be set for single services",
                "lepton.gateway.zone|' '|lepton.gateway.zone' must not be blank",
                "lepton.gateway.zone-share|0|zone-share' 0.0 must be above 0 and at most 1",
                "lepton.gateway.zone-share|1.1|zone-share' 1.1 must be above 0 and at most 1",
                "lepton.gateway.zone-share|NaN|zone-share' NaN must be above 0 and at most 1",
                "lepton.gateway.zone-share|0.5|zone-share' 0.5 says nothing without 'lepton.gateway.zone'",
                "lepton.gateway.slow-start.window|-1s|slow-start.window' PT-1S must not be negative",
                "lepton.gateway.slow-start.min-share|0|slow-start.min-share' 0.0 must be above 0 and at most 1",
                "lepton.gateway.slow-start.min-share|1.1|min-share' 1.1 must be above 0 and at most 1",
                "lepton.gateway.services.w.balancer|consistent-hash|lepton.gateway.services.w.balancer' consistent-hash needs 'lepton.gateway.services.w.hash-key'",
                "lepton.gateway.services.w.hash-key|header:|hash-key' header: must be header:NAME, cookie:NAME or query:NAME",
                "lepton.gateway.services.w.hash-key|path:1|hash-key' path:1 must be header:NAME, cookie:NAME or query:NAME",
                "lepton.gateway.services.w.hash-key|query:id|lepton.gateway.services.w.hash-key' says nothing unless",
                "lepton.gateway.services.w.versions.v1|90|lepton.gateway.services.w.versions' {v1=90} must be percentages from 0 that add up to 100",
                "lepton.gateway.services.w.version-header|' '|lepton.gateway.services.w.version-header' must not be blank",
                "lepton.gateway.trusted-proxies|10.0.0.0/33|trusted-proxies' 10.0.0.0/33 must be a network",
                "lepton.gateway.trusted-proxies|10.0.0.1/8|has bits beyond its prefix 8",
                "lepton.gateway.trusted-proxies|proxy.example|trusted-proxies' proxy.example must be a network",
                "lepton.gateway.trusted-proxies|10.0.0.0/|trusted-proxies' 10.0.0.0/ must be a network",
            })
    void settingThatBreaksItsRuleIsRefused(String name, String value, String rule) {
        assertThatThrownBy(() -> gateway(Map.of(name, value)))
                .rootCause()
                .hasMessageContaining(rule);
    }

    @Test
    void percentageBelowZeroIsRefused() {
        assertThatThrownBy(() ->
                        gateway(
                                Map.of(
                                        "lepton.gateway.services.w.versions.v1", "110",
                                        "lepton.gateway.services.w.versions.v2", "-10")))
                .rootCause()
                .hasMessageContaining("{v1=110, v2=-10} must be percentages from 0");
    }

    /** Spring leaves characters out of a key that has no brackets. */
    @Test
    void versionsHaveTheirNamesAsTheyAreWithinBrackets() {
        GatewaySettings settings =
                gateway(
                        Map.of(
                                "lepton.gateway.services.w.versions.1.4.0-RC1", "60",
                                "lepton.gateway.services.w.versions[1.4.0+build_7]", "40"));

        assertThat(settings.versionsOf("w"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("1.4.0-RC1", 60, "1.4.0+build_7", 40));
    }

    @ParameterizedTest
    @CsvSource({"header:X-User, HEADER, X-User", "cookie: SESSION, COOKIE, SESSION"})
    void hashKeyNamesAPartOfTheRequest(String text, HashKey.Part part, String name) {
        assertThat(HashKey.of(text)).isEqualTo(new HashKey(part, name));
    }

    /** The first example of a document. */
    private static Binder example(String document) throws IOException {
        String text = Files.readString(Path.of("..", "docs", document));
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(text);
        assertThat(yaml.find()).isTrue();
        MutablePropertySources sources = new MutablePropertySources();
        new YamlPropertySourceLoader()
                .load("document", new ByteArrayResource(yaml.group(1).getBytes(UTF_8)))
                .forEach(sources::addLast);
        return new Binder(ConfigurationPropertySources.from(sources));
    }

    @Test
    void theExamplesOfLimitsAndCachesAreUnderstood() throws IOException {
        assertThat(
                        example("rate-limits.md")
                                .bind("lepton.gateway", GatewaySettings.class)
                                .get()
                                .rateLimits())
                .isEqualTo(
                        Map.of(
                                "orders",
                                new ServiceRateLimit(
                                        600,
                                        Duration.ofMinutes(1),
                                        50L,
                                        LimitKey.of("header:X-Api-Key"))));
        Binder caching = example("caching.md");
        GatewaySettings services = caching.bind("lepton.gateway", GatewaySettings.class).get();
        assertThat(services.services().get("docs").cache())
                .isEqualTo(new ServiceCache(true, Duration.ZERO));
        assertThat(services.services().get("news").cache())
                .isEqualTo(new ServiceCache(true, Duration.ofHours(1)));
        assertThat(caching.bind("lepton.gateway.cache", CacheSettings.class).get())
                .isEqualTo(new CacheSettings(DataSize.ofMegabytes(32), DataSize.ofMegabytes(1)));
    }

    /** The example of docs/balancing.md. */
    @Test
    void theExampleOfTheDocumentIsUnderstood() throws IOException {
        GatewaySettings settings =
                example("balancing.md").bind("lepton.gateway", GatewaySettings.class).get();

        assertThat(settings.zone()).isEqualTo("a");
        assertThat(settings.slowStart())
                .isEqualTo(new SlowStartSettings(Duration.ofSeconds(20), 0.1));
        assertThat(settings.services())
                .isEqualTo(
                        Map.of(
                                "orders",
                                new ServiceSettings(
                                        BalancerKind.CONSISTENT_HASH,
                                        new HashKey(HashKey.Part.COOKIE, "SESSION"),
                                        Map.of(),
                                        null,
                                        false,
                                        null,
                                        Priority.NORMAL,
                                        Set.of(),
                                        null,
                                        null,
                                        UnitProtocol.HTTP1),
                                "search",
                                new ServiceSettings(
                                        null,
                                        new HashKey(HashKey.Part.HEADER, "X-User"),
                                        Map.of("1.4.0", 90, "1.5.0+rc_1", 10),
                                        "X-Version",
                                        false,
                                        null,
                                        Priority.NORMAL,
                                        Set.of(),
                                        null,
                                        null,
                                        UnitProtocol.HTTP1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow|anything|anything",
                "header-timeout|0s|edge.header-timeout' PT0S must be positive",
                "body-idle|-1s|edge.body-idle' PT-1S must be positive",
                "max-body|-1B|edge.max-body' -1B must not be negative",
                "max-connections|0|edge.max-connections' 0 must be at least 1",
                "max-connections-per-address|0|edge.max-connections-per-address' 0 must be from 1",
                "max-connections-per-address|10001|must be from 1 to 'lepton.gateway.edge.max-connections' 10000",
            })
    void settingOfTheEdgeThatBreaksItsRuleIsRefused(String name, String value, String rule) {
        assertThatThrownBy(() ->
                        binder(Map.of("lepton.gateway.edge." + name, value), Map.of())
                                .bindOrCreate("lepton.gateway.edge", EdgeSettings.class))
                .rootCause()
                .hasMessageContaining(rule);
    }

    @Test
    void namesOfWhatIsAllowedAreWrittenAsAllNamesAre() {
        EdgeSettings settings =
                binder(Map.of("lepton.gateway.edge.allow", "encoded-slash,semicolon"), Map.of())
                        .bindOrCreate("lepton.gateway.edge", EdgeSettings.class);

        assertThat(settings.allow())
                .containsExactlyInAnyOrder(Allowance.ENCODED_SLASH, Allowance.SEMICOLON);
    }

    @ParameterizedTest
    @CsvSource({"ftp://a:1", "localhost:8761", "/registry"})
    void registryUrlThatIsNoneIsRefused(String url) {
        assertThatThrownBy(() ->
                        binder(Map.of("lepton.registry.url", url), Map.of())
                                .bindOrCreate("lepton.registry", RegistrySettings.class))
                .rootCause()
                .hasMessageContaining("'lepton.registry.url' " + url);
    }
}
