package dev.lepton.gateway.cache;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What a shared cache may keep, and for how long (RFC 9111, sections 3 and 4). Nothing is guessed:
 * an answer that does not say how long it is fresh is not kept.
 */
final class Rules {

    /** Answers that are whole by themselves, whoever asked. */
    private static final Set<Integer> KEPT =
            Set.of(200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414);

    /** Every request differs by them, as a unit gets it. */
    private static final Set<String> NEVER_ALIKE =
            Set.of("*", "x-forwarded-for", "lepton-unit", "lepton-deadline");

    private static final Set<String> NO_STALE =
            Set.of("no-cache", "must-revalidate", "proxy-revalidate", "s-maxage");

    private Rules() {}

    /**
     * @param staleIfError what is set for the service
     */
    static boolean mayKeep(
            HttpHeaders request, int status, HttpHeaders answer, Duration staleIfError) {
        CacheControl says = CacheControl.of(answer);
        Long fresh = freshSeconds(answer, says);
        boolean ofUse =
                fresh == null
                        ? says.has("no-cache") && hasValidator(answer)
                        : fresh > 0 || hasValidator(answer) || staleSeconds(says, staleIfError) > 0;
        return ofUse
                && KEPT.contains(status)
                && !says.has("no-store")
                && !says.has("private")
                && !answer.containsHeader(HttpHeaders.SET_COOKIE)
                && variesBy(answer).stream().noneMatch(NEVER_ALIKE::contains)
                && (!request.containsHeader(HttpHeaders.AUTHORIZATION) || isForAnybody(says));
    }

    /** RFC 9111 3.5. */
    static boolean isForAnybody(CacheControl says) {
        return says.has("public") || says.has("s-maxage") || says.has("must-revalidate");
    }

    static boolean hasValidator(HttpHeaders answer) {
        return answer.containsHeader(HttpHeaders.ETAG)
                || answer.containsHeader(HttpHeaders.LAST_MODIFIED);
    }

    /** Null when the answer does not say. */
    static @Nullable Long freshSeconds(HttpHeaders answer, CacheControl says) {
        Long shared = says.seconds("s-maxage");
        Long any = shared == null ? says.seconds("max-age") : shared;
        if (any != null || !answer.containsHeader(HttpHeaders.EXPIRES)) {
            return any;
        }
        long expires = HttpDates.millis(answer, HttpHeaders.EXPIRES);
        long date = HttpDates.millis(answer, HttpHeaders.DATE);
        return expires == HttpDates.NONE || date == HttpDates.NONE
                ? 0
                : Math.max(0, (expires - date) / 1000);
    }

    /** How long beyond its freshness an answer may be given while the service fails (RFC 5861). */
    static long staleSeconds(CacheControl says, Duration staleIfError) {
        if (NO_STALE.stream().anyMatch(says::has)) {
            return 0;
        }
        Long own = says.seconds("stale-if-error");
        return own == null ? staleIfError.toSeconds() : own;
    }

    /** How old an answer was when it came, by those who had it before and by what it took. */
    static Duration ageOnArrival(HttpHeaders answer, Duration took) {
        String age = answer.getFirst(HttpHeaders.AGE);
        // By no comparison of clocks: a unit is asked directly, and what a cache before it had
        // kept says its age.
        return Duration.ofSeconds(age == null ? 0 : CacheControl.delta(age)).plus(took);
    }

    /** Names of request headers, in lower case; with {@code *} no request is like another. */
    static Set<String> variesBy(HttpHeaders answer) {
        Set<String> names = new HashSet<>();
        for (String line : answer.getOrEmpty(HttpHeaders.VARY)) {
            for (String name : List.of(line.split(",", -1))) {
                if (!name.isBlank()) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
