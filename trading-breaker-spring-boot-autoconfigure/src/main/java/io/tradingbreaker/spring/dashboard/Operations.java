package io.tradingbreaker.spring.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;

/**
 * Where the dashboard and the endpoint {@code circuitbreaker} are to be found, and whether the latter takes operators'
 * actions: the dashboard has none of its own. Thread-safe.
 */
final class Operations {

    private static final EndpointId OWN = EndpointId.of(TradingDashboardEndpoint.ID);
    private static final EndpointId BREAKERS = EndpointId.of("circuitbreaker");

    private final ObjectProvider<WebEndpointsSupplier> endpoints;

    /** @param endpoints those that are exposed; asked late, as the dashboard is one of them */
    Operations(ObjectProvider<WebEndpointsSupplier> endpoints) {
        this.endpoints = endpoints;
    }

    /** The last segment of the page's own path: what its files' paths begin with, seen from the page. */
    String ownSegment() {
        String path = ownPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The endpoint of the actions, seen from the page. */
    String breakersPath() {
        String path = find(BREAKERS).map(PathMappedEndpoint::getRootPath).orElse(BREAKERS.toString());
        long depth = ownPath().chars().filter(c -> c == '/').count();
        return "../".repeat((int) depth) + path;
    }

    /** Whether there are actions, and if not, why. */
    Map<String, Object> access() {
        Optional<ExposableWebEndpoint> breakers = find(BREAKERS);
        boolean isWritable = breakers.stream()
                .flatMap(endpoint -> endpoint.getOperations().stream())
                .anyMatch(operation -> operation.getRequestPredicate().getHttpMethod() == WebEndpointHttpMethod.POST);
        Map<String, Object> access = new LinkedHashMap<>();
        access.put("allowed", isWritable);
        access.put("why", isWritable ? "" : why(breakers.isPresent()));
        return access;
    }

    private static String why(boolean isExposed) {
        return isExposed
                ? "Read-only: management.endpoint.circuitbreaker.access is not unrestricted."
                : "Read-only: the endpoint circuitbreaker is not exposed.";
    }

    private String ownPath() {
        return find(OWN).map(PathMappedEndpoint::getRootPath).orElse(OWN.toString());
    }

    private Optional<ExposableWebEndpoint> find(EndpointId id) {
        return endpoints.stream()
                .flatMap(supplier -> supplier.getEndpoints().stream())
                .filter(endpoint -> endpoint.getEndpointId().equals(id))
                .findFirst();
    }
}
