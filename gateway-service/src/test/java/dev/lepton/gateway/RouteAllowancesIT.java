package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What single routes and services can be told to let through, which weakens no other. */
@ExtendWith(LeakCheck.class)
class RouteAllowancesIT {

    private static final String ROUTES = "--spring.cloud.gateway.server.webflux.routes";

    private static RunningGateway gateway;
    private static StubUnit docs;
    private static StubUnit free;
    private static StubUnit secret;

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        ROUTES + "[0].id=secret",
                        ROUTES + "[0].uri=unit://secret",
                        ROUTES + "[0].predicates[0]=Path=/files/admin/**,/free/admin/**",
                        ROUTES + "[1].id=files",
                        ROUTES + "[1].uri=unit://docs",
                        ROUTES + "[1].predicates[0]=Path=/files/**",
                        ROUTES + "[1].metadata.allow=encoded-slash",
                        ROUTES + "[2].id=one",
                        ROUTES + "[2].uri=unit://docs",
                        ROUTES + "[2].predicates[0]=Path=/one/{name}",
                        ROUTES + "[2].metadata.allow[0]=encoded-slash",
                        ROUTES + "[2].metadata.allow[1]=semicolon",
                        "--lepton.gateway.services.free.allow=encoded-slash,empty-segments,"
                                + "double-encoding,underscore-headers");
        docs = StubUnit.good("docs-1");
        free = StubUnit.good("free-1");
        secret = StubUnit.good("secret-1");
        gateway.up("docs", docs);
        gateway.up("free", free);
        gateway.up("secret", secret);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        docs.close();
        free.close();
        secret.close();
    }

    @BeforeEach
    void forget() {
        docs.requests().clear();
        free.requests().clear();
        secret.requests().clear();
    }

    private static String get(String path, String header) {
        return RawClient.exchange(
                gateway.port(),
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: h\r\n"
                        + (header == null ? "" : header + ": 1\r\n")
                        + "Connection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/files/a%2Fb, , docs-1, /files/a%2Fb",
        "/files/a%5Cb, , docs-1, /files/a%5Cb",
        "/one/a%2Fb, , docs-1, /one/a%2Fb",
        "/one/a;x=1, , docs-1, /one/a;x=1",
        "/free/a%2fb, , free-1, /a%2fb",
        "/free//a//, , free-1, //a//",
        "/free/a%252Fb, , free-1, /a%252Fb",
        "/free/a, X_A, free-1, /a",
        "/files/admin/a, , secret-1, /files/admin/a",
    })
    void whatARouteOrServiceTakesReachesItsUnitByteForByte(
            String path, String header, String unit, String received) {
        assertThat(get(path, header)).startsWith("HTTP/1.1 200 ").endsWith(unit);

        StubUnit its = unit.equals("docs-1") ? docs : unit.equals("free-1") ? free : secret;
        assertThat(its.requests().getFirst().target()).isEqualTo(received);
    }

    @ParameterizedTest
    @CsvSource({
        // Another route or service takes it, this one does not.
        "/docs/a%2Fb, , encoded-slash",
        "/secret/a%2Fb, , encoded-slash",
        "/files/a;x=1, , semicolon",
        "/files//a, , empty-segment",
        "/files/a%252Fb, , double-encoding",
        "/files/a, X_A, header-name",
        "/free/a;x=1, , semicolon",
        "/nobody/a%2Fb, , encoded-slash",
        // The first segment is not the name of a service.
        "/free%2Fa, , encoded-slash",
        "//free/a, , empty-segment",
        // Who decodes it sees a path of another route.
        "/files/admin%2Fa, , encoded-slash",
        "/files%2Fadmin/a, , encoded-slash",
        "/free/admin%2Fa, , encoded-slash",
        "/free//admin/a, , empty-segment",
        "/free/admin%252Fa, , double-encoding",
        // No route takes these, however they are written.
        "/files/..%2Fadmin/a, , dot-segment",
        "/free//../admin, , dot-segment",
        "/free/%252e%252e/admin, , double-encoding",
        "/free/a%2500, , double-encoding",
    })
    void whatItDoesNotTakeIsRefused(String path, String header, String reason) {
        double before = refused(reason);

        String answer = get(path, header);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"" + reason + "\"");
        assertThat(refused(reason)).isEqualTo(before + 1);
        assertThat(docs.requests()).isEmpty();
        assertThat(free.requests()).isEmpty();
        assertThat(secret.requests()).isEmpty();
    }

    private static double refused(String reason) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.edge.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
