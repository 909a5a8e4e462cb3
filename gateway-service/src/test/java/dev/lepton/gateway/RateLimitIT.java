package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Rate limits of one gateway, without any Redis. */
@ExtendWith(LeakCheck.class)
class RateLimitIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static final Map<String, StubUnit> UNITS = new HashMap<>();

    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway = RunningGateway.start(home, "--spring.profiles.active=limits");
        for (String service : List.of("whole", "by-client", "by-key", "refilled", "free")) {
            StubUnit unit = StubUnit.good(service + "-1");
            UNITS.put(service, unit);
            gateway.up(service, unit);
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        UNITS.values().forEach(StubUnit::close);
        UNITS.clear();
    }

    private static HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = gateway.request(path).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return gateway.send(request);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static double counted(String limit, String outcome) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.rate-limit")
                .tag("limit", limit)
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void whatIsBeyondTheLimitIsRefusedAndReachesNoUnit() {
        HttpResponse<String> first = get("/whole/x");
        get("/route-to-whole/x");
        HttpResponse<String> last = get("/whole/x");

        HttpResponse<String> refused = get("/whole/x");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "X-RateLimit-Remaining")).isEqualTo("2");
        assertThat(header(first, "X-RateLimit-Burst-Capacity")).isEqualTo("3");
        assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"whole\";q=3;w=3600");
        assertThat(header(first, "RateLimit")).isEqualTo("\"whole\";r=2;t=1200");
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(header(last, "X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.body())
                .contains("\"code\":\"rate-limited\"")
                .contains("service 'whole' lets a client send 3 requests in PT1H, 3 at once");
        assertThat(Long.parseLong(header(refused, "Retry-After"))).isBetween(1100L, 1200L);
        assertThat(header(refused, "X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(get("/route-to-whole/x").statusCode()).isEqualTo(429);
        assertThat(UNITS.get("whole").requests()).hasSize(3);
        assertThat(counted("service:whole", "allowed")).isEqualTo(3);
        assertThat(counted("service:whole", "refused")).isEqualTo(2);
    }

    @Test
    void clientsAreToldApartByTheAddressThatATrustedProxyNames() {
        String[] one = {"X-Forwarded-For", "198.51.100.1"};

        assertThat(get("/by-client/x", one).statusCode()).isEqualTo(200);
        assertThat(get("/by-client/x", one).statusCode()).isEqualTo(200);
        assertThat(get("/by-client/x", one).statusCode()).isEqualTo(429);
        assertThat(get("/by-client/x", "X-Forwarded-For", "203.0.113.9, 198.51.100.1").statusCode())
                .isEqualTo(429);

        assertThat(get("/by-client/x", "X-Forwarded-For", "198.51.100.2").statusCode())
                .isEqualTo(200);
        assertThat(get("/by-client/x").statusCode()).isEqualTo(200);
    }

    @Test
    void clientsAreToldApartByAHeader() {
        assertThat(get("/by-key/x", "X-Api-Key", "one").statusCode()).isEqualTo(200);
        assertThat(get("/by-key/x", "X-Api-Key", "one").statusCode()).isEqualTo(429);
        assertThat(get("/by-key/x", "X-Api-Key", "two").statusCode()).isEqualTo(200);
    }

    @Test
    void clientMaySendAgainWhenItWasToldTo() {
        assertThat(get("/refilled/x").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get("/refilled/x");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Long.parseLong(header(refused, "Retry-After"))).isBetween(1L, 10L);

        await().atMost(SOON).until(() -> get("/refilled/x").statusCode() == 200);
    }

    @Test
    void filterOfARouteTakesTheArgumentsOfItsRedisLimiter() {
        HttpResponse<String> first = get("/as-with-redis/x");
        get("/as-with-redis/x");
        HttpResponse<String> refused = get("/as-with-redis/x");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "X-RateLimit-Remaining")).isEqualTo("1800");
        assertThat(header(first, "X-RateLimit-Replenish-Rate")).isEqualTo("1");
        assertThat(header(first, "X-RateLimit-Burst-Capacity")).isEqualTo("3600");
        assertThat(header(first, "X-RateLimit-Requested-Tokens")).isEqualTo("1800");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Long.parseLong(header(refused, "Retry-After"))).isBetween(1700L, 1800L);
        assertThat(counted("route:as-with-redis", "refused")).isEqualTo(1);
    }

    @Test
    void filterOfARouteTakesTheArgumentsOfItsBucket4jLimiter() {
        HttpResponse<String> first = get("/as-with-bucket4j/x");
        get("/as-with-bucket4j/x");

        assertThat(header(first, "X-Left")).isEqualTo("1");
        assertThat(get("/as-with-bucket4j/x").statusCode()).isEqualTo(429);
        assertThat(get("/as-with-bucket4j/x", "X-Forwarded-For", "198.51.100.3").statusCode())
                .isEqualTo(200);
    }

    @Test
    void serviceWithoutALimitHasNone() {
        assertThat(IntStream.range(0, 20).mapToObj(i -> get("/free/x")))
                .allMatch(response -> response.statusCode() == 200)
                .allMatch(response -> header(response, "RateLimit").isEmpty());
    }

    @Test
    void argumentsThatNoLimitCanHaveStopTheStart(@TempDir Path home) {
        String route = "--spring.cloud.gateway.server.webflux.routes[0].";

        assertThatThrownBy(() ->
                        RunningGateway.start(
                                        home,
                                        route + "id=bad",
                                        route + "uri=unit://free",
                                        route + "predicates[0]=Path=/bad/**",
                                        route + "filters[0].name=RequestRateLimiter",
                                        route + "filters[0].args[bucket4j-rate-limiter.capacity]=0",
                                        route
                                                + "filters[0].args[bucket4j-rate-limiter.refillPeriod]=1s")
                                .close())
                .hasStackTraceContaining(
                        "route 'bad': 'bucket4j-rate-limiter.capacity' 0 must be at least 1");
    }

    @Test
    void withoutASettingThereIsNoRedis() {
        assertThatThrownBy(() -> gateway.bean(RedisConnectionFactory.class))
                .isInstanceOf(NoSuchBeanDefinitionException.class);
        HttpResponse<String> health = gateway.actuator("/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"status\":\"UP\"").doesNotContain("redis");
    }
}
