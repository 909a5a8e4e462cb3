package dev.lepton.gateway.leaving;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Says in the next answer on a connection that it is the last, and ends the connection with it. It
 * is put there when the gateway leaves, so that before that no request has to be asked about it.
 */
final class LastAnswers extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "lepton.lastAnswers";

    /** One that had begun before is not the last: its client was not told. */
    private boolean told;

    private LastAnswers() {}

    /** One of HTTP/2 has no answers of its own; its streams do. */
    static void on(Channel connection) {
        connection
                .eventLoop()
                .execute(() -> {
                    ChannelPipeline pipeline = connection.pipeline();
                    // By its type: where HTTP/2 is enabled too, it has another name.
                    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
                    if (codec != null && pipeline.get(NAME) == null) {
                        pipeline.addAfter(codec.name(), NAME, new LastAnswers());
                    }
                });
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean informational = false;
        if (message instanceof HttpResponse response) {
            informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!informational) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                told = true;
            }
        }
        if (told && !informational && message instanceof LastHttpContent) {
            context.write(message, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
        } else {
            context.write(message, promise);
        }
    }
}
