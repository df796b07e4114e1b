package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConflictException;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.StoreStatus;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.health.StoreHealth;
import io.tradingbreaker.spring.probe.ProbeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.lang.Nullable;

/**
 * Shows the breakers and takes operators' actions: {@code /actuator/circuitbreaker}. Thread-safe.
 *
 * <p>What is refused changes nothing, makes no breaker, and is answered with {@code {"error", "allowed"}}: 400 for what
 * is not understood, 404 for an unknown breaker, 409 for what the breaker's state does not allow. The exception is 503 for a
 * store of halts that fails: a halt is in force then, and not stored; a resume or reset is not done.
 */
// Spring's own @Nullable, though deprecated: Boot 3.5 takes a parameter for mandatory that carries JSpecify's.
@SuppressWarnings("deprecation")
@WebEndpoint(id = "circuitbreaker", defaultAccess = Access.READ_ONLY)
public final class CircuitBreakerEndpoint {

    private final BreakerRegistry registry;
    private final Function<String, @org.jspecify.annotations.Nullable ProbeSettings> probes;

    public CircuitBreakerEndpoint(BreakerRegistry registry) {
        this(registry, name -> null);
    }

    /** @param probes the settings of a breaker's probe; null if it has none by property */
    public CircuitBreakerEndpoint(
            BreakerRegistry registry, Function<String, @org.jspecify.annotations.Nullable ProbeSettings> probes) {
        this.registry = registry;
        this.probes = probes;
    }

    @ReadOperation
    public Map<String, Object> breakers() {
        Map<String, Object> views = new LinkedHashMap<>();
        registry.breakers().forEach(breaker -> views.put(breaker.name(), view(breaker)));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("breakers", views);
        StoreStatus store = registry.storeStatus();
        if (store != null) {
            all.put("store", StoreHealth.details(store));
        }
        return all;
    }

    @ReadOperation
    public WebEndpointResponse<Object> breaker(@Selector String breakerName) {
        return answer(() -> view(find(breakerName)));
    }

    /** Acts on every breaker; a halt also covers those that are made later. */
    @WriteOperation
    public WebEndpointResponse<Object> actOnAll(
            SecurityContext caller,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable Object actor,
            @Nullable Object name) {
        return answer(() -> {
            OperatorOrder order = OperatorOrder.of(caller, action, reason, actor);
            if (name != null) {
                throw new RefusedRequestException(400, "a breaker's name belongs into the path", names());
            }
            order.action().onAll(registry, order.reason(), order.actor());
            return breakers();
        });
    }

    /**
     * Acts on one breaker.
     *
     * @param breakerName not {@code name}, since Boot lets a value of the body override one of the path
     */
    @WriteOperation
    public WebEndpointResponse<Object> actOn(
            SecurityContext caller,
            @Selector String breakerName,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable Object actor,
            @Nullable Object name) {
        return answer(() -> {
            TradingBreaker breaker = find(breakerName);
            OperatorOrder order = OperatorOrder.of(caller, action, reason, actor);
            if (name != null && !Objects.equals(name, breakerName)) {
                throw new RefusedRequestException(400, "the name in the body is not the one in the path", names());
            }
            order.action().on(breaker, order.reason(), order.actor());
            return view(breaker);
        });
    }

    private WebEndpointResponse<Object> answer(Supplier<Object> work) {
        try {
            return new WebEndpointResponse<>(work.get());
        } catch (RefusedRequestException e) {
            return refusal(e.status(), e, e.allowed());
        } catch (BreakerConflictException e) {
            return refusal(409, e, e.allowed());
        } catch (SwitchStoreException e) {
            return refusal(503, e, List.of("halt", "resume", "reset"));
        }
    }

    private static WebEndpointResponse<Object> refusal(int status, RuntimeException cause, List<String> allowed) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", String.valueOf(cause.getMessage()));
        body.put("allowed", allowed);
        return new WebEndpointResponse<>(body, status);
    }

    private Map<String, @org.jspecify.annotations.Nullable Object> view(TradingBreaker breaker) {
        return BreakerView.of(breaker.snapshot(), probes.apply(breaker.name()), registry.storeStatus());
    }

    private TradingBreaker find(String name) {
        TradingBreaker breaker = registry.find(name);
        if (breaker == null) {
            throw new RefusedRequestException(404, "there is no breaker of that name", names());
        }
        return breaker;
    }

    private List<String> names() {
        return registry.breakers().stream().map(TradingBreaker::name).toList();
    }
}
