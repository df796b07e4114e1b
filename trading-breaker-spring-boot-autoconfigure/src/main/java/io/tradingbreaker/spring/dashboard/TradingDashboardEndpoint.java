package io.tradingbreaker.spring.dashboard;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.RecoveryScheduler;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.lang.Nullable;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.util.HtmlUtils;

/**
 * The dashboard: {@code /actuator/tradingdashboard} is a page, and below it are the page's files and what it shows. It only
 * reads; operators' actions go to the endpoint {@code circuitbreaker}, whose access decides. Thread-safe.
 *
 * <p>From {@link #start} to {@link #close} it samples the breakers.
 */
// Spring's own @Nullable, though deprecated: Boot 3.5 takes a parameter for mandatory that carries JSpecify's.
@SuppressWarnings("deprecation")
@ImportRuntimeHints(AssetHints.class)
@WebEndpoint(id = TradingDashboardEndpoint.ID, defaultAccess = Access.READ_ONLY)
public final class TradingDashboardEndpoint implements AutoCloseable {

    static final String ID = "tradingdashboard";

    private static final String HTML = "text/html;charset=UTF-8";
    private static final MimeType JSON = MimeTypeUtils.APPLICATION_JSON;

    private final Assets assets = new Assets();
    private final BreakerRegistry registry;
    private final History history;
    private final Operations operations;
    private final Function<String, @org.jspecify.annotations.Nullable Object> views;

    /**
     * @param views one breaker as the endpoint {@code circuitbreaker} shows it
     * @param endpoints those that are exposed, this one included
     */
    public TradingDashboardEndpoint(
            BreakerRegistry registry,
            BreakerClock clock,
            RecoveryScheduler scheduler,
            DashboardSettings settings,
            Function<String, @org.jspecify.annotations.Nullable Object> views,
            ObjectProvider<WebEndpointsSupplier> endpoints) {
        this.registry = registry;
        this.views = views;
        history = new History(registry, clock, scheduler, settings);
        operations = new Operations(endpoints);
    }

    /** Begins to sample. */
    public void start() {
        history.start();
    }

    @Override
    public void close() {
        history.close();
    }

    @ReadOperation(produces = HTML)
    public WebEndpointResponse<byte[]> page() {
        String page = assets.page()
                .replace("{{self}}", HtmlUtils.htmlEscape(operations.ownSegment()))
                .replace("{{breakers}}", HtmlUtils.htmlEscape(operations.breakersPath()));
        return new WebEndpointResponse<>(page.getBytes(StandardCharsets.UTF_8), 200, Assets.HTML);
    }

    /**
     * A file of the page, or {@code state}: what it shows.
     *
     * @param since the version of the rows that the page has
     * @param breaker the one that is shown in full
     * @param from the number of the first sampling that the page does not have of it
     */
    @ReadOperation(
            produces = {
                "application/json",
                "text/javascript;charset=UTF-8",
                "text/css;charset=UTF-8",
                "image/svg+xml",
                "text/plain;charset=UTF-8"
            })
    public WebEndpointResponse<Object> part(
            @Selector String part, @Nullable String since, @Nullable String breaker, @Nullable String from) {
        if (part.equals("state")) {
            return new WebEndpointResponse<>(state(since, breaker, from), 200, JSON);
        }
        Assets.Asset asset = assets.find(part);
        return asset == null
                ? new WebEndpointResponse<>(Map.of("error", "there is no such file"), 404, JSON)
                : new WebEndpointResponse<>(asset.content(), 200, asset.type());
    }

    private Map<String, @org.jspecify.annotations.Nullable Object> state(
            @org.jspecify.annotations.Nullable String since,
            @org.jspecify.annotations.Nullable String breaker,
            @org.jspecify.annotations.Nullable String from) {
        Map<String, @org.jspecify.annotations.Nullable Object> state =
                history.state(since == null ? "" : since, breaker, number(from));
        state.put("actions", operations.access());
        boolean isKnown = breaker != null && registry.find(breaker) != null;
        state.put("view", isKnown ? views.apply(breaker) : null);
        return state;
    }

    /** 0 for what is no number. */
    private static long number(@org.jspecify.annotations.Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
