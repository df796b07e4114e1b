package io.tradingbreaker.spring.probe.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TimestampProto;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code geyser.proto}, as protoc understands it. */
final class Protocols {

    private static final FileDescriptor GEYSER = load();

    private Protocols() {}

    private static FileDescriptor load() {
        try (InputStream in = Protocols.class.getResourceAsStream("/protocols.desc")) {
            return FileDescriptor.buildFrom(
                    FileDescriptorSet.parseFrom(in).getFile(0), new FileDescriptor[] {TimestampProto.getDescriptor()});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Descriptor message(String name) {
        return GEYSER.findMessageTypeByName(name);
    }

    static MethodDescriptor<DynamicMessage, DynamicMessage> unary(String name) {
        var service = GEYSER.findServiceByName("Geyser");
        var method = service.findMethodByName(name);
        return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service.getFullName(), name))
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    static DynamicMessage slot(long slot) {
        Descriptor type = message("GetSlotResponse");
        return DynamicMessage.newBuilder(type)
                .setField(type.findFieldByName("slot"), slot)
                .build();
    }
}
