package dev.lepton.gateway.cache;

import org.springframework.http.HttpHeaders;

/** Dates in headers. */
final class HttpDates {

    /** There is none, or what is there is none. */
    static final long NONE = Long.MIN_VALUE;

    private HttpDates() {}

    static long millis(HttpHeaders headers, String name) {
        try {
            long millis = headers.getFirstDate(name);
            return millis == -1 ? NONE : millis;
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }
}
