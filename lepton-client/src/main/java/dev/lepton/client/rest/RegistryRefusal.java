package dev.lepton.client.rest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a call to the registry did not succeed. */
public abstract sealed class RegistryRefusal extends RuntimeException {

    private RegistryRefusal(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** No URL answered in time, or all of them answered 503: try again later. */
    public static final class Unavailable extends RegistryRefusal {

        private final @Nullable Duration retryAfter;

        public Unavailable(
                String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
            super(message, cause);
            this.retryAfter = retryAfter;
        }

        /** How long the registry asked to wait; null when it did not say. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    /** 404 {@code not-registered}: the registry does not know the unit; register again. */
    public static final class NotRegistered extends RegistryRefusal {
        public NotRegistered(String message) {
            super(message, null);
        }
    }

    /**
     * 409 {@code superseded}: this start is over for the registry; stop beating, drain, never
     * register again.
     */
    public static final class Superseded extends RegistryRefusal {
        public Superseded(String message) {
            super(message, null);
        }
    }

    /**
     * 409 {@code in-use}: another start holds the unit and its lease is valid; try again after the
     * lease.
     */
    public static final class InUse extends RegistryRefusal {

        private final Duration retryAfter;

        public InUse(String message, Duration retryAfter) {
            super(message, null);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** 401: the token is missing or wrong. */
    public static final class Unauthorized extends RegistryRefusal {
        public Unauthorized(String message) {
            super(message, null);
        }
    }

    /** Any other refusal of the request as it stands; sending it again unchanged will not help. */
    public static final class Rejected extends RegistryRefusal {

        private final int status;
        private final @Nullable String code;

        public Rejected(int status, String message) {
            this(status, null, message);
        }

        public Rejected(int status, @Nullable String code, String message) {
            super(message, null);
            this.status = status;
            this.code = code;
        }

        /** The problem's code, such as {@code not-allowed}; null when the answer had none. */
        public @Nullable String code() {
            return code;
        }

        public int status() {
            return status;
        }
    }
}
