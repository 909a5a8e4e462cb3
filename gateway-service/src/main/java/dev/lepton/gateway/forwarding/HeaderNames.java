package dev.lepton.gateway.forwarding;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** Names of headers, whatever their case; asking costs no copy in lower case. */
final class HeaderNames {

    static final HeaderNames NONE = new HeaderNames(List.of());

    private final HttpHeaders names =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    private final boolean none;

    private HeaderNames(List<String> all) {
        all.forEach(name -> names.add(name, ""));
        none = all.isEmpty();
    }

    static HeaderNames of(String... all) {
        return new HeaderNames(List.of(all));
    }

    static HeaderNames of(List<String> all) {
        return all.isEmpty() ? NONE : new HeaderNames(all);
    }

    boolean contains(CharSequence name) {
        return !none && names.contains(name);
    }
}
