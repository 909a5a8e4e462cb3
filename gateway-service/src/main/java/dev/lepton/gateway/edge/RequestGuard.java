package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.EdgeSettings;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Stands between the codec of a connection and the server, and lets only requests through that
 * break no rule. The first one that does is answered when those before it are, and is the last: its
 * sender and the gateway may not agree on where the next one begins.
 */
final class RequestGuard extends ChannelDuplexHandler {

    private static final long NO_LIMIT = -1;
    private static final int UNKNOWN = -1;

    private final RequestRules rules;
    private final EdgeMetrics metrics;
    private final long maxBody;
    private final BodyWatch body;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Refusal refusal;
    private boolean answered;

    /** Requests that were let through and whose response is not complete. */
    private int unanswered;

    private int headerLines = UNKNOWN;
    private long bodyLength;
    private long bodySeen;

    RequestGuard(RequestRules rules, EdgeSettings settings, EdgeMetrics metrics) {
        this.rules = rules;
        this.metrics = metrics;
        DataSize limit = settings.maxBody();
        this.maxBody = limit == null ? NO_LIMIT : limit.toBytes();
        this.body =
                new BodyWatch(
                        settings.bodyIdle(),
                        this::isReading,
                        () -> refuseInProgress(Refusal.BODY_TIMEOUT));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        body.stop();
    }

    /** False while a unit takes no more. */
    private boolean isReading() {
        return context != null && context.channel().config().isAutoRead();
    }

    /** Whether nothing more is taken from this connection. */
    boolean refuses() {
        return refusal != null;
    }

    /** Whether a request waits for its answer. */
    boolean isBusy() {
        return unanswered > 0;
    }

    /** How many lines the headers of the next request have, where that is known. */
    void expect(int lines) {
        headerLines = lines;
    }

    /** Whether there is more to come of the body of the request that was read last. */
    boolean isBodyOpen() {
        return body.isOpen();
    }

    /** As announced, negative for one in chunks. */
    long bodyLength() {
        return bodyLength;
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
        if (refusal != null || !takes(here, message)) {
            ReferenceCountUtil.release(message);
            return;
        }
        here.fireChannelRead(message);
    }

    private boolean takes(ChannelHandlerContext here, Object message) {
        if (message instanceof HttpRequest request) {
            if (!here.channel().isActive()) {
                // What is left of a request that was broken off.
                return false;
            }
            Refusal found = check(request);
            if (found != null) {
                refuse(found);
                return false;
            }
            begin(request);
        }
        return !(message instanceof HttpContent content) || takesBody(content);
    }

    private @Nullable Refusal check(HttpRequest request) {
        Refusal found = rules.check(request);
        // In HTTP/1.0 the codec makes one Content-Length of several.
        return found == null && headerLines != UNKNOWN && headerLines != request.headers().size()
                ? Refusal.CONTENT_LENGTH
                : found;
    }

    private void begin(HttpRequest request) {
        unanswered++;
        body.begin();
        bodySeen = 0;
        bodyLength =
                HttpUtil.isTransferEncodingChunked(request)
                        ? -1
                        : HttpUtil.getContentLength(request, 0L);
        Target target = Target.of(request.uri());
        if (target != null) {
            target.writeTo(request);
        }
    }

    private boolean takesBody(HttpContent content) {
        bodySeen += content.content().readableBytes();
        if (maxBody != NO_LIMIT && bodySeen > maxBody) {
            refuseInProgress(Refusal.BODY_TOO_LARGE);
            return false;
        }
        if (content.decoderResult().isFailure()) {
            // To the server it would be the end of the body, and the unit would get a whole one.
            refuseInProgress(Refusal.MALFORMED);
            return false;
        }
        if (content instanceof LastHttpContent) {
            body.end();
        }
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext here) {
        body.waits(here);
        here.fireChannelReadComplete();
    }

    /** Comes with every part of a body, and when there is room for the next one. */
    @Override
    public void read(ChannelHandlerContext here) {
        body.asked(here);
        here.read();
    }

    /** Refuses what comes next. */
    void refuse(Refusal found) {
        if (refusal == null) {
            refusal = found;
            metrics.refused(found);
            if (unanswered == 0) {
                answer(found);
            }
        }
    }

    /** Refuses a request of which the server has a part. */
    private void refuseInProgress(Refusal found) {
        refusal = found;
        metrics.refused(found);
        body.stop();
        if (unanswered == 1 && !body.isResponding()) {
            answer(found);
        } else if (context != null) {
            context.close();
        }
    }

    private void answer(Refusal found) {
        if (context != null) {
            answered = true;
            LastAnswer.send(found, context);
        }
    }

    @Override
    public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
        if (answered) {
            ReferenceCountUtil.release(message);
            promise.setSuccess();
            return;
        }
        here.write(message, promise);
        boolean informational = false;
        if (message instanceof HttpResponse response) {
            informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                leave(here);
            } else if (!informational) {
                body.responseBegan();
            }
        }
        if (message instanceof LastHttpContent && !informational) {
            responseEnded(here);
        }
    }

    private void responseEnded(ChannelHandlerContext here) {
        unanswered--;
        body.responseEnded(here, unanswered > 0);
        if (refusal != null && unanswered == 0) {
            answer(refusal);
        }
    }

    /** What follows is no longer HTTP. */
    private static void leave(ChannelHandlerContext here) {
        HeadGuard heads = here.pipeline().get(HeadGuard.class);
        if (heads != null) {
            here.pipeline().remove(heads);
        }
        here.pipeline().remove(here.handler());
    }
}
