package dev.lepton.gateway.forwarding;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.ClassUtils;

/** Spring's own requests and responses, whose types only it can name. */
final class NativeType {

    private NativeType() {}

    /** Null when there is none of this name any more; then nothing is of it. */
    static @Nullable Class<?> named(String name) {
        try {
            return ClassUtils.forName(name, ServerHttpRequest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
