{{/* The pod of a node, the same in both kinds of workload. */}}
{{- define "rtpcluster.pod" -}}
metadata:
  annotations:
    checksum/config: {{ include (print .Template.BasePath "/configmap.yaml") . | sha256sum }}
    {{- with .Values.workload.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
  labels:
    {{- include "rtpcluster.labels" . | nindent 4 }}
    app.kubernetes.io/component: node
    {{- with .Values.workload.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "rtpcluster.serviceAccount" . }}
  automountServiceAccountToken: false
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- if .Values.workload.hostNetwork }}
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  {{- end }}
  terminationGracePeriodSeconds: {{ int .Values.workload.terminationGracePeriodSeconds }}
  {{- with .Values.workload.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.workload.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.workload.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.workload.affinity }}
  affinity: {{- toYaml .Values.workload.affinity | nindent 4 }}
  {{- else if eq .Values.workload.kind "StatefulSet" }}
  affinity:
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels: {{- include "rtpcluster.selector" . | nindent 16 }}
                app.kubernetes.io/component: node
  {{- end }}
  {{- if eq .Values.kernelModule.mode "build" }}
  initContainers:
    - name: kernel-module
      image: {{ .Values.kernelModule.image }}
      securityContext: {privileged: true}
      volumeMounts:
        - {name: modules, mountPath: /lib/modules}
        - {name: headers, mountPath: /usr/src, readOnly: true}
  {{- end }}
  containers:
    - name: rtpcluster
      image: {{ include "rtpcluster.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - --config-file=/etc/rtpcluster/rtpcluster.conf
        {{- range .Values.media.interfaces }}
        - {{ printf "--interface=%s" . | quote }}
        {{- end }}
        {{- if ne .Values.redis.mode "none" }}
        - --node-id=$(NODE_NAME)
        - --cluster-advertise=$(POD_IP):{{ int .Values.listeners.cluster }}
        {{- end }}
      env:
        - name: POD_IP
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        - name: HOST_IP
          valueFrom: {fieldRef: {fieldPath: status.hostIP}}
        - name: NODE_NAME
          valueFrom: {fieldRef: {fieldPath: {{ if eq .Values.workload.kind "DaemonSet" }}spec.nodeName{{ else }}metadata.name{{ end }}}}
        {{- with include "rtpcluster.redisSecret" . }}
        - name: RTPCLUSTER_REDIS_PASSWORD
          valueFrom: {secretKeyRef: {name: {{ . }}, key: password}}
        - name: RTPCLUSTER_REDIS_USERNAME
          valueFrom: {secretKeyRef: {name: {{ . }}, key: username, optional: true}}
        {{- end }}
        {{- with .Values.extraEnv }}{{ toYaml . | nindent 8 }}{{ end }}
      ports:
        - {name: ng-udp, containerPort: {{ int .Values.listeners.ng }}, protocol: UDP}
        - {name: ng-tcp, containerPort: {{ int .Values.listeners.ng }}, protocol: TCP}
        - {name: http, containerPort: {{ int .Values.listeners.http }}, protocol: TCP}
        {{- if .Values.https.port }}
        - {name: https, containerPort: {{ int .Values.https.port }}, protocol: TCP}
        {{- end }}
        {{- if ne .Values.redis.mode "none" }}
        - {name: cluster, containerPort: {{ int .Values.listeners.cluster }}, protocol: TCP}
        {{- end }}
      startupProbe:
        httpGet: {path: /ping, port: http}
        {{- toYaml .Values.probes.startup | nindent 8 }}
      livenessProbe:
        httpGet: {path: /ping, port: http}
        {{- toYaml .Values.probes.liveness | nindent 8 }}
      readinessProbe:
        httpGet: {path: /ready, port: http}
        {{- toYaml .Values.probes.readiness | nindent 8 }}
      {{- if and .Values.drain.enabled (ne .Values.redis.mode "none") }}
      # Shards are handed over at once; the media that is here may end on its own.
      lifecycle:
        preStop:
          exec:
            command:
              - bash
              - -c
              - |
                rtpcluster ctl --to=127.0.0.1:{{ int .Values.listeners.cli }} drain
                calls() { exec 3<>/dev/tcp/127.0.0.1/{{ int .Values.listeners.http }} && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3 && sed -n 's/^rtpcluster_media_calls \([0-9]*\).*/\1/p' <&3; }
                until [ "$(calls)" = 0 ]; do sleep 2; done
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop: [ALL]
          add: [NET_ADMIN, NET_RAW, BPF, PERFMON, SYS_NICE, IPC_LOCK]
      {{- with .Values.resources }}
      resources: {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - {name: config, mountPath: /etc/rtpcluster, readOnly: true}
        - {name: state, mountPath: /var/lib/rtpcluster}
        {{- if ne .Values.redis.mode "none" }}
        - {name: key, mountPath: /etc/rtpcluster-key, readOnly: true}
        {{- if .Values.cluster.tlsSecret }}
        - {name: peers, mountPath: /etc/rtpcluster-peers, readOnly: true}
        {{- end }}
        {{- end }}
        {{- if .Values.https.port }}
        - {name: tls, mountPath: /etc/rtpcluster-tls, readOnly: true}
        {{- end }}
  volumes:
    - name: config
      configMap: {name: {{ include "rtpcluster.name" . }}}
    - name: state
      {{- if and (eq .Values.workload.kind "DaemonSet") .Values.state.hostPath }}
      hostPath: {path: {{ .Values.state.hostPath }}, type: DirectoryOrCreate}
      {{- else }}
      emptyDir: {}
      {{- end }}
    {{- if ne .Values.redis.mode "none" }}
    - name: key
      secret: {secretName: {{ include "rtpcluster.keySecret" . }}, defaultMode: 0400}
    {{- if .Values.cluster.tlsSecret }}
    - name: peers
      secret: {secretName: {{ .Values.cluster.tlsSecret }}, defaultMode: 0400}
    {{- end }}
    {{- end }}
    {{- if .Values.https.port }}
    - name: tls
      secret: {secretName: {{ .Values.https.secret }}, defaultMode: 0400}
    {{- end }}
    {{- if eq .Values.kernelModule.mode "build" }}
    - name: modules
      hostPath: {path: /lib/modules, type: Directory}
    - name: headers
      hostPath: {path: /usr/src, type: Directory}
    {{- end }}
{{- end }}
