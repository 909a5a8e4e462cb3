package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.EdgeSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler.PriorKnowledgeUpgradeEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;

/**
 * Puts the guards into the pipeline of a connection, those of HTTP/1 or of HTTP/2. Which it speaks
 * may be known at once, after its first bytes or after its TLS handshake.
 */
final class EdgeGuards {

    private static final String REQUESTS = "lepton.requestGuard";
    private static final String HEADS = "lepton.headGuard";
    private static final String FRAMES = "lepton.frameWatch";
    private static final String STREAMS = "lepton.http2Guard";
    private static final String SWITCH = "lepton.switch";

    private final RequestRules rules;
    private final EdgeSettings settings;
    private final EdgeMetrics metrics;

    EdgeGuards(RequestRules rules, EdgeSettings settings, EdgeMetrics metrics) {
        this.rules = rules;
        this.settings = settings;
        this.metrics = metrics;
    }

    void guard(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.H2OrHttp11Codec) != null) {
            pipeline.addAfter(NettyPipeline.H2OrHttp11Codec, SWITCH, new Switch());
            return;
        }
        guardHttp1(pipeline);
        if (pipeline.get(NettyPipeline.H2CUpgradeHandler) != null) {
            pipeline.addBefore(NettyPipeline.H2CUpgradeHandler, FRAMES, frameWatch());
            pipeline.addAfter(REQUESTS, SWITCH, new Switch());
        }
    }

    private void guardHttp1(ChannelPipeline pipeline) {
        ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
        if (codec != null) {
            RequestGuard requests = new RequestGuard(rules, settings, metrics);
            pipeline.addBefore(
                    codec.name(), HEADS, new HeadGuard(requests, settings.headerTimeout()));
            pipeline.addAfter(codec.name(), REQUESTS, requests);
        }
    }

    private void guardHttp2(ChannelPipeline pipeline) {
        if (pipeline.get(FRAMES) == null) {
            pipeline.addBefore(NettyPipeline.HttpCodec, FRAMES, frameWatch());
        }
        remove(pipeline, HEADS);
        remove(pipeline, REQUESTS);
        pipeline.addBefore(
                NettyPipeline.H2MultiplexHandler,
                STREAMS,
                new Http2Guard(rules, settings, metrics));
    }

    private FrameWatch frameWatch() {
        return new FrameWatch(
                settings.headerTimeout(), () -> metrics.refused(Refusal.HEADER_TIMEOUT));
    }

    private static void remove(ChannelPipeline pipeline, String name) {
        ChannelHandler handler = pipeline.get(name);
        if (handler != null) {
            pipeline.remove(handler);
        }
    }

    /** Waits until the pipeline is that of one protocol. */
    private final class Switch extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext here, Object event) {
            boolean decided =
                    event instanceof PriorKnowledgeUpgradeEvent
                            || (event instanceof SslHandshakeCompletionEvent handshake
                                    && handshake.isSuccess());
            if (decided) {
                ChannelPipeline pipeline = here.pipeline();
                if (pipeline.get(NettyPipeline.H2MultiplexHandler) != null) {
                    guardHttp2(pipeline);
                } else {
                    guardHttp1(pipeline);
                }
                pipeline.remove(this);
            }
            here.fireUserEventTriggered(event);
        }
    }
}
