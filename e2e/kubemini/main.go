// kubemini: a test-only API server made from the published k8s.io/apiserver and
// k8s.io/apiextensions-apiserver libraries. Real storage/watch/SSA/CRD/webhook machinery;
// built-in types have only light defaulting and no kube validation. Loopback only.
package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"net"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"time"

	noopoteltrace "go.opentelemetry.io/otel/trace/noop"
	admregv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certv1 "k8s.io/api/certificates/v1"
	coordv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsv1beta1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver"
	crdoptions "k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	apiextopenapi "k8s.io/apiextensions-apiserver/pkg/generated/openapi"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/request/anonymous"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/request/union"
	x509request "k8s.io/apiserver/pkg/authentication/request/x509"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/endpoints/discovery/aggregated"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kube-openapi/pkg/common"

	"kubemini/openapi"
)

var (
	scheme = runtime.NewScheme()
	codecs serializer.CodecFactory
)

func ptr[T any](v T) *T { return &v }

type res struct {
	gv         schema.GroupVersion
	name, sing string
	namespaced bool
	obj, list  func() runtime.Object
	short      []string
	status     bool
}

var resources = []res{
	{corev1.SchemeGroupVersion, "namespaces", "namespace", false, func() runtime.Object { return &corev1.Namespace{} }, func() runtime.Object { return &corev1.NamespaceList{} }, []string{"ns"}, true},
	{corev1.SchemeGroupVersion, "nodes", "node", false, func() runtime.Object { return &corev1.Node{} }, func() runtime.Object { return &corev1.NodeList{} }, []string{"no"}, true},
	{corev1.SchemeGroupVersion, "pods", "pod", true, func() runtime.Object { return &corev1.Pod{} }, func() runtime.Object { return &corev1.PodList{} }, []string{"po"}, true},
	{corev1.SchemeGroupVersion, "services", "service", true, func() runtime.Object { return &corev1.Service{} }, func() runtime.Object { return &corev1.ServiceList{} }, []string{"svc"}, true},
	{corev1.SchemeGroupVersion, "endpoints", "endpoints", true, func() runtime.Object { return &corev1.Endpoints{} }, func() runtime.Object { return &corev1.EndpointsList{} }, []string{"ep"}, false},
	{corev1.SchemeGroupVersion, "configmaps", "configmap", true, func() runtime.Object { return &corev1.ConfigMap{} }, func() runtime.Object { return &corev1.ConfigMapList{} }, []string{"cm"}, false},
	{corev1.SchemeGroupVersion, "secrets", "secret", true, func() runtime.Object { return &corev1.Secret{} }, func() runtime.Object { return &corev1.SecretList{} }, nil, false},
	{corev1.SchemeGroupVersion, "serviceaccounts", "serviceaccount", true, func() runtime.Object { return &corev1.ServiceAccount{} }, func() runtime.Object { return &corev1.ServiceAccountList{} }, []string{"sa"}, false},
	{corev1.SchemeGroupVersion, "events", "event", true, func() runtime.Object { return &corev1.Event{} }, func() runtime.Object { return &corev1.EventList{} }, []string{"ev"}, false},
	{corev1.SchemeGroupVersion, "persistentvolumeclaims", "persistentvolumeclaim", true, func() runtime.Object { return &corev1.PersistentVolumeClaim{} }, func() runtime.Object { return &corev1.PersistentVolumeClaimList{} }, []string{"pvc"}, true},
	{appsv1.SchemeGroupVersion, "deployments", "deployment", true, func() runtime.Object { return &appsv1.Deployment{} }, func() runtime.Object { return &appsv1.DeploymentList{} }, []string{"deploy"}, true},
	{appsv1.SchemeGroupVersion, "replicasets", "replicaset", true, func() runtime.Object { return &appsv1.ReplicaSet{} }, func() runtime.Object { return &appsv1.ReplicaSetList{} }, []string{"rs"}, true},
	{appsv1.SchemeGroupVersion, "statefulsets", "statefulset", true, func() runtime.Object { return &appsv1.StatefulSet{} }, func() runtime.Object { return &appsv1.StatefulSetList{} }, []string{"sts"}, true},
	{appsv1.SchemeGroupVersion, "daemonsets", "daemonset", true, func() runtime.Object { return &appsv1.DaemonSet{} }, func() runtime.Object { return &appsv1.DaemonSetList{} }, []string{"ds"}, true},
	{batchv1.SchemeGroupVersion, "jobs", "job", true, func() runtime.Object { return &batchv1.Job{} }, func() runtime.Object { return &batchv1.JobList{} }, nil, true},
	{batchv1.SchemeGroupVersion, "cronjobs", "cronjob", true, func() runtime.Object { return &batchv1.CronJob{} }, func() runtime.Object { return &batchv1.CronJobList{} }, []string{"cj"}, true},
	{discoveryv1.SchemeGroupVersion, "endpointslices", "endpointslice", true, func() runtime.Object { return &discoveryv1.EndpointSlice{} }, func() runtime.Object { return &discoveryv1.EndpointSliceList{} }, nil, false},
	{networkingv1.SchemeGroupVersion, "ingresses", "ingress", true, func() runtime.Object { return &networkingv1.Ingress{} }, func() runtime.Object { return &networkingv1.IngressList{} }, []string{"ing"}, true},
	{networkingv1.SchemeGroupVersion, "ingressclasses", "ingressclass", false, func() runtime.Object { return &networkingv1.IngressClass{} }, func() runtime.Object { return &networkingv1.IngressClassList{} }, nil, false},
	{networkingv1.SchemeGroupVersion, "networkpolicies", "networkpolicy", true, func() runtime.Object { return &networkingv1.NetworkPolicy{} }, func() runtime.Object { return &networkingv1.NetworkPolicyList{} }, []string{"netpol"}, false},
	{admregv1.SchemeGroupVersion, "mutatingwebhookconfigurations", "mutatingwebhookconfiguration", false, func() runtime.Object { return &admregv1.MutatingWebhookConfiguration{} }, func() runtime.Object { return &admregv1.MutatingWebhookConfigurationList{} }, nil, false},
	{admregv1.SchemeGroupVersion, "validatingwebhookconfigurations", "validatingwebhookconfiguration", false, func() runtime.Object { return &admregv1.ValidatingWebhookConfiguration{} }, func() runtime.Object { return &admregv1.ValidatingWebhookConfigurationList{} }, nil, false},
	{rbacv1.SchemeGroupVersion, "roles", "role", true, func() runtime.Object { return &rbacv1.Role{} }, func() runtime.Object { return &rbacv1.RoleList{} }, nil, false},
	{rbacv1.SchemeGroupVersion, "rolebindings", "rolebinding", true, func() runtime.Object { return &rbacv1.RoleBinding{} }, func() runtime.Object { return &rbacv1.RoleBindingList{} }, nil, false},
	{rbacv1.SchemeGroupVersion, "clusterroles", "clusterrole", false, func() runtime.Object { return &rbacv1.ClusterRole{} }, func() runtime.Object { return &rbacv1.ClusterRoleList{} }, nil, false},
	{rbacv1.SchemeGroupVersion, "clusterrolebindings", "clusterrolebinding", false, func() runtime.Object { return &rbacv1.ClusterRoleBinding{} }, func() runtime.Object { return &rbacv1.ClusterRoleBindingList{} }, nil, false},
	{coordv1.SchemeGroupVersion, "leases", "lease", true, func() runtime.Object { return &coordv1.Lease{} }, func() runtime.Object { return &coordv1.LeaseList{} }, nil, false},
	{autoscalingv2.SchemeGroupVersion, "horizontalpodautoscalers", "horizontalpodautoscaler", true, func() runtime.Object { return &autoscalingv2.HorizontalPodAutoscaler{} }, func() runtime.Object { return &autoscalingv2.HorizontalPodAutoscalerList{} }, []string{"hpa"}, true},
	{policyv1.SchemeGroupVersion, "poddisruptionbudgets", "poddisruptionbudget", true, func() runtime.Object { return &policyv1.PodDisruptionBudget{} }, func() runtime.Object { return &policyv1.PodDisruptionBudgetList{} }, []string{"pdb"}, true},
	{certv1.SchemeGroupVersion, "certificatesigningrequests", "certificatesigningrequest", false, func() runtime.Object { return &certv1.CertificateSigningRequest{} }, func() runtime.Object { return &certv1.CertificateSigningRequestList{} }, []string{"csr"}, true},
}

func initScheme() {
	for _, f := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, discoveryv1.AddToScheme,
		networkingv1.AddToScheme, admregv1.AddToScheme, rbacv1.AddToScheme, coordv1.AddToScheme, autoscalingv2.AddToScheme, policyv1.AddToScheme,
		certv1.AddToScheme, authenticationv1.AddToScheme, authorizationv1.AddToScheme} {
		must(f(scheme))
	}
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	// the hub ("internal") version uses the same Go types as v1
	for _, gv := range scheme.PrioritizedVersionsAllGroups() {
		for kind, t := range scheme.KnownTypes(gv) {
			if t.PkgPath() == reflect.TypeOf(metav1.Status{}).PkgPath() {
				continue
			}
			scheme.AddKnownTypeWithName(schema.GroupVersionKind{Group: gv.Group, Version: runtime.APIVersionInternal, Kind: kind}, reflect.New(t).Interface().(runtime.Object))
		}
		for kind := range scheme.KnownTypes(gv) {
			gvk := gv.WithKind(kind)
			must(scheme.AddFieldLabelConversionFunc(gvk, func(l, v string) (string, string, error) { return l, v, nil }))
		}
	}
	scheme.AddTypeDefaultingFunc(&corev1.Service{}, func(o interface{}) { defService(o.(*corev1.Service)) })
	scheme.AddTypeDefaultingFunc(&corev1.ServiceList{}, func(o interface{}) {
		for i := range o.(*corev1.ServiceList).Items {
			defService(&o.(*corev1.ServiceList).Items[i])
		}
	})
	scheme.AddTypeDefaultingFunc(&corev1.Pod{}, func(o interface{}) { defPod(&o.(*corev1.Pod).Spec) })
	scheme.AddTypeDefaultingFunc(&appsv1.Deployment{}, func(o interface{}) {
		d := o.(*appsv1.Deployment)
		if d.Spec.Replicas == nil {
			d.Spec.Replicas = ptr(int32(1))
		}
		defPod(&d.Spec.Template.Spec)
	})
	scheme.AddTypeDefaultingFunc(&corev1.Secret{}, func(o interface{}) {
		s := o.(*corev1.Secret)
		if s.Type == "" {
			s.Type = corev1.SecretTypeOpaque
		}
	})
	scheme.AddTypeDefaultingFunc(&discoveryv1.EndpointSlice{}, func(o interface{}) {
		for i := range o.(*discoveryv1.EndpointSlice).Ports {
			p := &o.(*discoveryv1.EndpointSlice).Ports[i]
			if p.Name == nil {
				p.Name = ptr("")
			}
			if p.Protocol == nil {
				p.Protocol = ptr(corev1.ProtocolTCP)
			}
		}
	})
	scheme.AddTypeDefaultingFunc(&admregv1.MutatingWebhookConfiguration{}, func(o interface{}) {
		for i := range o.(*admregv1.MutatingWebhookConfiguration).Webhooks {
			w := &o.(*admregv1.MutatingWebhookConfiguration).Webhooks[i]
			defHook(&w.FailurePolicy, &w.MatchPolicy, &w.NamespaceSelector, &w.ObjectSelector, &w.TimeoutSeconds, w.Rules, w.ClientConfig.Service)
			if w.ReinvocationPolicy == nil {
				w.ReinvocationPolicy = ptr(admregv1.NeverReinvocationPolicy)
			}
		}
	})
	scheme.AddTypeDefaultingFunc(&admregv1.ValidatingWebhookConfiguration{}, func(o interface{}) {
		for i := range o.(*admregv1.ValidatingWebhookConfiguration).Webhooks {
			w := &o.(*admregv1.ValidatingWebhookConfiguration).Webhooks[i]
			defHook(&w.FailurePolicy, &w.MatchPolicy, &w.NamespaceSelector, &w.ObjectSelector, &w.TimeoutSeconds, w.Rules, w.ClientConfig.Service)
		}
	})
	codecs = serializer.NewCodecFactory(scheme)
}

func defHook(fp **admregv1.FailurePolicyType, mp **admregv1.MatchPolicyType, ns, os **metav1.LabelSelector, to **int32, rules []admregv1.RuleWithOperations, svc *admregv1.ServiceReference) {
	if *fp == nil {
		*fp = ptr(admregv1.Fail)
	}
	if *mp == nil {
		*mp = ptr(admregv1.Equivalent)
	}
	if *ns == nil {
		*ns = &metav1.LabelSelector{}
	}
	if *os == nil {
		*os = &metav1.LabelSelector{}
	}
	if *to == nil {
		*to = ptr(int32(10))
	}
	for i := range rules {
		if rules[i].Scope == nil {
			rules[i].Scope = ptr(admregv1.AllScopes)
		}
	}
	if svc != nil && svc.Port == nil {
		svc.Port = ptr(int32(443))
	}
}

func defService(s *corev1.Service) {
	if s.Spec.Type == "" {
		s.Spec.Type = corev1.ServiceTypeClusterIP
	}
	if s.Spec.SessionAffinity == "" {
		s.Spec.SessionAffinity = corev1.ServiceAffinityNone
	}
	for i := range s.Spec.Ports {
		p := &s.Spec.Ports[i]
		if p.Protocol == "" {
			p.Protocol = corev1.ProtocolTCP
		}
		if p.TargetPort == (intstr.IntOrString{}) {
			p.TargetPort = intstr.FromInt32(p.Port)
		}
	}
}

func defPod(s *corev1.PodSpec) {
	if s.RestartPolicy == "" {
		s.RestartPolicy = corev1.RestartPolicyAlways
	}
	if s.DNSPolicy == "" {
		s.DNSPolicy = corev1.DNSClusterFirst
	}
	if s.TerminationGracePeriodSeconds == nil {
		s.TerminationGracePeriodSeconds = ptr(int64(30))
	}
	if s.SecurityContext == nil {
		s.SecurityContext = &corev1.PodSecurityContext{}
	}
	if s.ServiceAccountName == "" {
		s.ServiceAccountName = "default"
	}
	for _, cs := range [][]corev1.Container{s.InitContainers, s.Containers} {
		for i := range cs {
			for j := range cs[i].Ports {
				if cs[i].Ports[j].Protocol == "" {
					cs[i].Ports[j].Protocol = corev1.ProtocolTCP
				}
			}
		}
	}
}

type strategy struct {
	runtime.ObjectTyper
	names.NameGenerator
	ns bool
}

func (s strategy) NamespaceScoped() bool { return s.ns }
func (s strategy) PrepareForCreate(ctx context.Context, obj runtime.Object) {
	switch o := obj.(type) {
	case *corev1.Namespace:
		if o.Labels == nil {
			o.Labels = map[string]string{}
		}
		o.Labels["kubernetes.io/metadata.name"] = o.Name
		o.Status.Phase = corev1.NamespaceActive
	case *corev1.Service:
		if o.Spec.Type != corev1.ServiceTypeExternalName && o.Spec.ClusterIP == "" {
			h := fnv.New32a()
			h.Write([]byte(o.Namespace + "/" + o.Name))
			v := h.Sum32() & 0xfffff
			o.Spec.ClusterIP = fmt.Sprintf("10.%d.%d.%d", 96+(v>>16), (v>>8)&255, v&255)
		}
		if o.Spec.ClusterIP != "" && len(o.Spec.ClusterIPs) == 0 {
			o.Spec.ClusterIPs = []string{o.Spec.ClusterIP}
		}
	}
}
func (s strategy) PrepareForUpdate(ctx context.Context, obj, old runtime.Object) {
	n, okn := obj.(*corev1.Service)
	p, oko := old.(*corev1.Service)
	if okn && oko && n.Spec.ClusterIP == "" && n.Spec.Type != corev1.ServiceTypeExternalName {
		n.Spec.ClusterIP, n.Spec.ClusterIPs = p.Spec.ClusterIP, p.Spec.ClusterIPs
	}
}
func (s strategy) Validate(ctx context.Context, obj runtime.Object) field.ErrorList { return nil }
func (s strategy) ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList {
	return nil
}
func (s strategy) WarningsOnCreate(ctx context.Context, obj runtime.Object) []string      { return nil }
func (s strategy) WarningsOnUpdate(ctx context.Context, obj, old runtime.Object) []string { return nil }
func (s strategy) Canonicalize(obj runtime.Object)                                        {}
func (s strategy) AllowCreateOnUpdate() bool                                              { return false }
func (s strategy) AllowUnconditionalUpdate() bool                                         { return true }

func getAttrs(obj runtime.Object) (labels.Set, fields.Set, error) {
	a, err := meta.Accessor(obj)
	if err != nil {
		return nil, nil, err
	}
	f := fields.Set{"metadata.name": a.GetName()}
	if a.GetNamespace() != "" {
		f["metadata.namespace"] = a.GetNamespace()
	}
	switch o := obj.(type) {
	case *corev1.Pod:
		f["status.phase"], f["spec.nodeName"], f["spec.serviceAccountName"], f["status.podIP"], f["spec.restartPolicy"] = string(o.Status.Phase), o.Spec.NodeName, o.Spec.ServiceAccountName, o.Status.PodIP, string(o.Spec.RestartPolicy)
	case *corev1.Secret:
		f["type"] = string(o.Type)
	case *corev1.Service:
		f["spec.type"], f["spec.clusterIP"] = string(o.Spec.Type), o.Spec.ClusterIP
	case *corev1.Namespace:
		f["status.phase"] = string(o.Status.Phase)
	case *corev1.Event:
		f["involvedObject.name"], f["involvedObject.kind"], f["involvedObject.namespace"], f["reason"], f["type"] = o.InvolvedObject.Name, o.InvolvedObject.Kind, o.InvolvedObject.Namespace, o.Reason, o.Type
	case *certv1.CertificateSigningRequest:
		f["spec.signerName"] = o.Spec.SignerName
	}
	return labels.Set(a.GetLabels()), f, nil
}

type store struct {
	*genericregistry.Store
	short []string
}

func (s *store) ShortNames() []string { return s.short }
func (s *store) Categories() []string {
	switch s.Store.DefaultQualifiedResource.Resource {
	case "pods", "services", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs":
		return []string{"all"}
	}
	return nil
}

type statusREST struct{ s *genericregistry.Store }

func (r *statusREST) New() runtime.Object { return r.s.New() }
func (r *statusREST) Destroy()            {}
func (r *statusREST) Get(ctx context.Context, name string, o *metav1.GetOptions) (runtime.Object, error) {
	return r.s.Get(ctx, name, o)
}
func (r *statusREST) Update(ctx context.Context, name string, oi rest.UpdatedObjectInfo, cv rest.ValidateObjectFunc, uv rest.ValidateObjectUpdateFunc, force bool, opts *metav1.UpdateOptions) (runtime.Object, bool, error) {
	return r.s.Update(ctx, name, oi, cv, uv, false, opts)
}
func (r *statusREST) ConvertToTable(ctx context.Context, object runtime.Object, t runtime.Object) (*metav1.Table, error) {
	return r.s.ConvertToTable(ctx, object, t)
}

// ---- service account tokens (RS256), TokenReview, access reviews ----
type issuer struct {
	key *rsa.PrivateKey
	iss string
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
func (i *issuer) mint(ns, sa string, aud []string, ttl int64) (string, time.Time) {
	now := time.Now()
	exp := now.Add(time.Duration(ttl) * time.Second)
	h, _ := json.Marshal(map[string]string{"alg": "RS256", "typ": "JWT", "kid": "kubemini"})
	c, _ := json.Marshal(map[string]any{"iss": i.iss, "sub": "system:serviceaccount:" + ns + ":" + sa, "aud": aud, "exp": exp.Unix(), "iat": now.Unix(), "nbf": now.Unix(),
		"kubernetes.io": map[string]any{"namespace": ns, "serviceaccount": map[string]string{"name": sa, "uid": "0"}}})
	in := b64(h) + "." + b64(c)
	d := sha256.Sum256([]byte(in))
	sig, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, d[:])
	must(err)
	return in + "." + b64(sig), exp
}
func (i *issuer) check(tok string) (*user.DefaultInfo, []string, error) {
	p := strings.Split(tok, ".")
	if len(p) != 3 {
		return nil, nil, errors.New("not a jwt")
	}
	sig, err := base64.RawURLEncoding.DecodeString(p[2])
	if err != nil {
		return nil, nil, err
	}
	d := sha256.Sum256([]byte(p[0] + "." + p[1]))
	if err := rsa.VerifyPKCS1v15(&i.key.PublicKey, crypto.SHA256, d[:], sig); err != nil {
		return nil, nil, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(p[1])
	if err != nil {
		return nil, nil, err
	}
	var c struct {
		Sub string
		Aud []string
		Exp int64
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, nil, err
	}
	if time.Now().Unix() > c.Exp {
		return nil, nil, errors.New("expired")
	}
	f := strings.Split(c.Sub, ":")
	if len(f) != 4 {
		return nil, nil, errors.New("bad sub")
	}
	return &user.DefaultInfo{Name: c.Sub, UID: "0", Groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + f[2], "system:authenticated"}}, c.Aud, nil
}

type saToken struct {
	i *issuer
	s *genericregistry.Store
}

func (r *saToken) New() runtime.Object { return &authenticationv1.TokenRequest{} }
func (r *saToken) Destroy()            {}
func (r *saToken) GroupVersionKind(schema.GroupVersion) schema.GroupVersionKind {
	return authenticationv1.SchemeGroupVersion.WithKind("TokenRequest")
}
func (r *saToken) Create(ctx context.Context, name string, obj runtime.Object, v rest.ValidateObjectFunc, o *metav1.CreateOptions) (runtime.Object, error) {
	sa, err := r.s.Get(ctx, name, &metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	t := obj.(*authenticationv1.TokenRequest)
	ttl := int64(3600)
	if t.Spec.ExpirationSeconds != nil {
		ttl = *t.Spec.ExpirationSeconds
	}
	aud := t.Spec.Audiences
	if len(aud) == 0 {
		aud = []string{r.i.iss}
	}
	tok, exp := r.i.mint(sa.(*corev1.ServiceAccount).Namespace, name, aud, ttl)
	t.Status = authenticationv1.TokenRequestStatus{Token: tok, ExpirationTimestamp: metav1.NewTime(exp)}
	return t, nil
}

type review struct {
	newf func() runtime.Object
	sing string
	do   func(ctx context.Context, o runtime.Object)
}

func (r *review) New() runtime.Object     { return r.newf() }
func (r *review) Destroy()                {}
func (r *review) NamespaceScoped() bool   { return false }
func (r *review) GetSingularName() string { return r.sing }
func (r *review) Create(ctx context.Context, o runtime.Object, v rest.ValidateObjectFunc, _ *metav1.CreateOptions) (runtime.Object, error) {
	r.do(ctx, o)
	return o, nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fatal:", err)
		os.Exit(1)
	}
}

func main() {
	dir := flag.String("certs", "pki", "directory with ca.crt apiserver.crt apiserver.key sa.key")
	port := flag.Int("port", 16443, "secure port on 127.0.0.1")
	etcd := flag.String("etcd", "http://127.0.0.1:12379", "etcd endpoint")
	token := flag.String("admin-token", "admin", "static bearer token for system:masters")
	flag.Parse()
	initScheme()

	kb, err := os.ReadFile(*dir + "/sa.key")
	must(err)
	blk, _ := pem.Decode(kb)
	var key *rsa.PrivateKey
	if k, e := x509.ParsePKCS1PrivateKey(blk.Bytes); e == nil {
		key = k
	} else {
		k2, e := x509.ParsePKCS8PrivateKey(blk.Bytes)
		must(e)
		key = k2.(*rsa.PrivateKey)
	}
	iss := &issuer{key, "https://kubernetes.default.svc.cluster.local"}

	sro := genericoptions.NewServerRunOptions()
	must(sro.Complete())
	crdCodec := apiserver.Codecs.LegacyCodec(apiextensionsv1beta1.SchemeGroupVersion, apiextv1.SchemeGroupVersion)
	etcdOpts := genericoptions.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", crdCodec))
	etcdOpts.StorageConfig.Transport.ServerList = []string{*etcd}

	cfg := genericapiserver.NewRecommendedConfig(apiserver.Codecs)
	must(sro.ApplyTo(&cfg.Config))
	sso := genericoptions.NewSecureServingOptions().WithLoopback()
	sso.BindAddress = net.ParseIP("127.0.0.1")
	sso.BindPort = *port
	sso.ServerCert.CertKey.CertFile, sso.ServerCert.CertKey.KeyFile = *dir+"/apiserver.crt", *dir+"/apiserver.key"
	must(etcdOpts.ApplyTo(&cfg.Config))
	must(sso.ApplyToConfig(&cfg.Config))

	caPEM, err := os.ReadFile(*dir + "/ca.crt")
	must(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(caPEM)
	vo := x509request.DefaultVerifyOptions()
	vo.Roots = pool
	tokAuth := authenticator.TokenFunc(func(ctx context.Context, t string) (*authenticator.Response, bool, error) {
		if t == *token {
			return &authenticator.Response{User: &user.DefaultInfo{Name: "admin", Groups: []string{"system:masters", "system:authenticated"}}}, true, nil
		}
		if u, _, e := iss.check(t); e == nil {
			return &authenticator.Response{User: u}, true, nil
		}
		return nil, false, nil
	})
	cfg.Authentication.Authenticator = union.New(x509request.New(vo, x509request.CommonNameUserConversion), bearertoken.New(tokAuth), anonymous.NewAuthenticator(nil))
	cfg.Authorization.Authorizer = authorizerfactory.NewAlwaysAllowAuthorizer()
	cfg.MergedResourceConfig = apiserver.DefaultAPIResourceConfigSource()
	cfg.EnableProfiling = false

	defs := func(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
		m := apiextopenapi.GetOpenAPIDefinitions(ref)
		for k, v := range openapi.GetOpenAPIDefinitions(ref) {
			m[k] = v
		}
		return m
	}
	nm := openapinamer.NewDefinitionNamer(scheme, apiserver.Scheme)
	cfg.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(defs, nm)
	cfg.OpenAPIConfig.Info.Title = "kubemini"
	cfg.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(defs, nm)

	kube, err := kubernetes.NewForConfig(cfg.LoopbackClientConfig)
	must(err)
	dyn, err := dynamic.NewForConfig(cfg.LoopbackClientConfig)
	must(err)
	inf := informers.NewSharedInformerFactory(kube, 10*time.Minute)
	cfg.ClientConfig, cfg.SharedInformerFactory = cfg.LoopbackClientConfig, inf
	feat := genericoptions.NewFeatureOptions()
	feat.EnablePriorityAndFairness = false
	feat.EnableProfiling = false
	must(feat.ApplyTo(&cfg.Config, kube, inf))
	adm := genericoptions.NewAdmissionOptions()
	adm.DisablePlugins = []string{"ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"}
	must(adm.ApplyTo(&cfg.Config, inf, kube, dyn, utilfeature.DefaultFeatureGate, cfg.EffectiveVersion))

	svcRes := webhook.NewDefaultServiceResolver()
	xc := &apiserver.Config{GenericConfig: cfg, ExtraConfig: apiserver.ExtraConfig{
		CRDRESTOptionsGetter: crdoptions.NewCRDRESTOptionsGetter(*etcdOpts, cfg.ResourceTransformers, cfg.StorageObjectCountTracker),
		MasterCount:          1,
		ServiceResolver:      svcRes,
		AuthResolverWrapper:  webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, cfg.LoopbackClientConfig, noopoteltrace.NewTracerProvider()),
	}}
	srv, err := xc.Complete().New(genericapiserver.NewEmptyDelegate())
	must(err)
	g := srv.GenericAPIServer

	// built-in groups
	var gvs []schema.GroupVersion
	seen := map[schema.GroupVersion]bool{}
	for _, r := range resources {
		if !seen[r.gv] {
			seen[r.gv] = true
			gvs = append(gvs, r.gv)
		}
	}
	coreOpts := *etcdOpts
	coreOpts.StorageConfig.Codec = codecs.LegacyCodec(gvs...)
	coreOpts.StorageConfig.StorageObjectCountTracker = cfg.StorageObjectCountTracker
	getter := coreOpts.CreateRESTOptionsGetter(&genericoptions.SimpleStorageFactory{StorageConfig: coreOpts.StorageConfig}, cfg.ResourceTransformers)
	byGroup := map[schema.GroupVersion]map[string]rest.Storage{}
	for _, r := range resources {
		gr := schema.GroupResource{Group: r.gv.Group, Resource: r.name}
		st := strategy{scheme, names.SimpleNameGenerator, r.namespaced}
		s := &genericregistry.Store{
			NewFunc: r.obj, NewListFunc: r.list, DefaultQualifiedResource: gr, SingularQualifiedResource: schema.GroupResource{Group: r.gv.Group, Resource: r.sing},
			PredicateFunc: func(l labels.Selector, f fields.Selector) storage.SelectionPredicate {
				return storage.SelectionPredicate{Label: l, Field: f, GetAttrs: getAttrs}
			},
			CreateStrategy: st, UpdateStrategy: st, DeleteStrategy: st, TableConvertor: rest.NewDefaultTableConvertor(gr),
		}
		must(s.CompleteWithOptions(&generic.StoreOptions{RESTOptions: getter, AttrFunc: getAttrs}))
		if byGroup[r.gv] == nil {
			byGroup[r.gv] = map[string]rest.Storage{}
		}
		byGroup[r.gv][r.name] = &store{s, r.short}
		if r.name == "certificatesigningrequests" {
			c := csrStrategy{st, csrObject}
			s.CreateStrategy, s.UpdateStrategy = c, c
			byGroup[r.gv][r.name+"/status"] = csrPart(s, csrStrategy{st, csrStatus})
			byGroup[r.gv][r.name+"/approval"] = csrPart(s, csrStrategy{st, csrApproval})
		} else if r.status {
			byGroup[r.gv][r.name+"/status"] = &statusREST{s}
		}
		if r.name == "serviceaccounts" {
			byGroup[r.gv]["serviceaccounts/token"] = &saToken{iss, s}
		}
	}
	byGroup[authenticationv1.SchemeGroupVersion] = map[string]rest.Storage{"tokenreviews": &review{func() runtime.Object { return &authenticationv1.TokenReview{} }, "tokenreview", func(_ context.Context, o runtime.Object) {
		t := o.(*authenticationv1.TokenReview)
		u, aud, e := iss.check(t.Spec.Token)
		if e != nil {
			t.Status = authenticationv1.TokenReviewStatus{Error: e.Error()}
			return
		}
		match := len(t.Spec.Audiences) == 0
		for _, a := range t.Spec.Audiences {
			for _, b := range aud {
				if a == b {
					match = true
				}
			}
		}
		if !match {
			t.Status = authenticationv1.TokenReviewStatus{Error: "audience"}
			return
		}
		t.Status = authenticationv1.TokenReviewStatus{Authenticated: true, Audiences: t.Spec.Audiences, User: authenticationv1.UserInfo{Username: u.Name, UID: u.UID, Groups: u.Groups}}
	}}}
	byGroup[authorizationv1.SchemeGroupVersion] = map[string]rest.Storage{
		"subjectaccessreviews": &review{func() runtime.Object { return &authorizationv1.SubjectAccessReview{} }, "subjectaccessreview", func(_ context.Context, o runtime.Object) {
			o.(*authorizationv1.SubjectAccessReview).Status.Allowed = true
		}},
		"selfsubjectaccessreviews": &review{func() runtime.Object { return &authorizationv1.SelfSubjectAccessReview{} }, "selfsubjectaccessreview", func(_ context.Context, o runtime.Object) {
			o.(*authorizationv1.SelfSubjectAccessReview).Status.Allowed = true
		}},
	}
	gvs = append(gvs, authenticationv1.SchemeGroupVersion, authorizationv1.SchemeGroupVersion)
	for _, gv := range gvs {
		gi := genericapiserver.NewDefaultAPIGroupInfo(gv.Group, scheme, metav1.ParameterCodec, codecs)
		gi.PrioritizedVersions = []schema.GroupVersion{gv}
		gi.VersionedResourcesStorageMap[gv.Version] = byGroup[gv]
		if gv.Group == "" {
			must(g.InstallLegacyAPIGroup("/api", &gi))
		} else {
			must(g.InstallAPIGroup(&gi))
		}
	}
	w := aggregated.WrapAggregatedDiscoveryToHandler(g.DiscoveryGroupManager, g.AggregatedDiscoveryGroupManager, g.AggregatedDiscoveryGroupManager)
	g.Handler.GoRestfulContainer.Add(w.GenerateWebService("/apis", metav1.APIGroupList{}))
	_, err = srv.Informers.Apiextensions().V1().CustomResourceDefinitions().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(o interface{}) { addGroup(g, o) }, UpdateFunc: func(_, o interface{}) { addGroup(g, o) }})
	must(err)
	must(g.AddPostStartHook("start-informers", func(c genericapiserver.PostStartHookContext) error { inf.Start(c.Done()); return nil }))
	must(g.AddPostStartHook("bootstrap-namespaces", func(c genericapiserver.PostStartHookContext) error {
		go func() {
			for _, n := range []string{"default", "kube-system", "kube-public"} {
				for i := 0; i < 50; i++ {
					_, e := kube.CoreV1().Namespaces().Create(c, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: n}}, metav1.CreateOptions{})
					if e == nil || strings.Contains(e.Error(), "already exists") {
						break
					}
					time.Sleep(200 * time.Millisecond)
				}
			}
		}()
		return nil
	}))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	must(g.PrepareRun().RunWithContext(ctx))
}

func addGroup(g *genericapiserver.GenericAPIServer, o interface{}) {
	crd, ok := o.(*apiextv1.CustomResourceDefinition)
	if !ok {
		return
	}
	ag := metav1.APIGroup{Name: crd.Spec.Group}
	for _, v := range crd.Spec.Versions {
		if v.Served {
			ag.Versions = append(ag.Versions, metav1.GroupVersionForDiscovery{GroupVersion: crd.Spec.Group + "/" + v.Name, Version: v.Name})
		}
	}
	if len(ag.Versions) == 0 {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	if prev, ok := crdGroups[ag.Name]; ok {
		have := map[string]bool{}
		for _, v := range ag.Versions {
			have[v.Version] = true
		}
		for _, v := range prev.Versions {
			if !have[v.Version] {
				ag.Versions = append(ag.Versions, v)
			}
		}
	}
	ag.PreferredVersion = ag.Versions[0]
	for _, v := range ag.Versions {
		if v.Version == "v1" {
			ag.PreferredVersion = v
		}
	}
	crdGroups[ag.Name] = ag
	g.DiscoveryGroupManager.AddGroup(ag)
}
