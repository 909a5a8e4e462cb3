package dev.lepton.gateway.lookup;

import static dev.lepton.gateway.lookup.SomeRoutes.async;
import static dev.lepton.gateway.lookup.SomeRoutes.catchAll;
import static dev.lepton.gateway.lookup.SomeRoutes.host;
import static dev.lepton.gateway.lookup.SomeRoutes.method;
import static dev.lepton.gateway.lookup.SomeRoutes.ofServices;
import static dev.lepton.gateway.lookup.SomeRoutes.path;
import static dev.lepton.gateway.lookup.SomeRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.HttpMethod;

class RouteIndexTests {

    private static List<String> candidates(
            List<Route> routes, @Nullable String path, @Nullable String host) {
        List<String> ids = new ArrayList<>();
        new RouteIndex(routes).candidates(path, host).forEach(route -> ids.add(route.getId()));
        return ids;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void candidatesAreAsFewHoweverManyRoutesThereAre(int count) {
        List<Route> routes = new ArrayList<>(ofServices(count));
        IntStream.range(0, count)
                .forEach(i -> routes.add(route("host-" + i, host("host-" + i + ".example"))));
        routes.add(catchAll("rest"));

        assertThat(candidates(routes, "/service-0/x", "host-0.example"))
                .containsExactly("service-0", "host-0", "rest");
        assertThat(candidates(routes, "/none/x", "none.example")).containsExactly("rest");
    }

    @Test
    void candidatesKeepTheOrderOfAllRoutes() {
        List<Route> routes =
                List.of(
                        route("any-1", method(HttpMethod.GET)),
                        route("host-1", host("h")),
                        route("path-1", path("/a/**")),
                        route("other", path("/b/**")),
                        route("path-2", path("/b", "/a/c")),
                        route("any-2", async(path("/a")).negate()),
                        route("host-2", host("h", "i")),
                        route("path-3", path("/a/**")));

        assertThat(candidates(routes, "/a/c", "h"))
                .containsExactly(
                        "any-1", "host-1", "path-1", "path-2", "any-2", "host-2", "path-3");
        assertThat(candidates(routes, "/a/c", null))
                .containsExactly("any-1", "path-1", "path-2", "any-2", "path-3");
        assertThat(candidates(routes, null, "i")).containsExactly("any-1", "any-2", "host-2");
    }

    @ParameterizedTest
    @CsvSource({
        "/a, path",
        "/a/, path",
        "/a/b, path",
        "/%61/b, path",
        "/a;v=1/b, path",
        "/%61;a/b, path",
        "/A, ''",
        "/a%2Fb, ''",
        "/%2561, ''",
        "/;a/a, ''",
        "//a, ''",
        "/, ''",
        "'', ''",
        "a, ''",
    })
    void firstSegmentIsComparedDecodedAndWithoutParameters(String path, String found) {
        assertThat(String.join(" ", candidates(List.of(route("path", path("/a/**"))), path, null)))
                .isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({
        "h.example, host",
        "H.EXAMPLE, host",
        "h.example:8080, host",
        "h..example, host",
        "h.example., ''",
        "x.h.example, ''",
        "'', ''",
    })
    void hostIsComparedWithoutCaseAndPort(String host, String found) {
        assertThat(
                        String.join(
                                " ",
                                candidates(List.of(route("host", host("h.example"))), "/", host)))
                .isEqualTo(found);
    }

    @Test
    void routeOfPathAndHostStandsWhereFewerOthersDo() {
        List<Route> tenants =
                IntStream.range(0, 100)
                        .mapToObj(i -> route("t-" + i, path("/api/**").and(host("t" + i))))
                        .toList();
        List<Route> parts =
                IntStream.range(0, 100)
                        .mapToObj(i -> route("p-" + i, path("/p" + i).and(host("h"))))
                        .toList();

        assertThat(candidates(tenants, "/api/x", "t7")).containsExactly("t-7");
        assertThat(candidates(parts, "/p7", "h")).containsExactly("p-7");
    }

    @Test
    void candidatesEnd() {
        Iterator<Route> candidates =
                new RouteIndex(ofServices(1)).candidates("/service-0", null).iterator();

        candidates.next();

        assertThatThrownBy(candidates::next).isInstanceOf(NoSuchElementException.class);
    }
}
