// Requests for certificates: who may change which part of one, as certificates.k8s.io/v1 has it.
package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	certv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/endpoints/request"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
)

type csrDoor int

const (
	csrObject csrDoor = iota
	csrStatus
	csrApproval
)

const leastSeconds = 600

// csrStrategy lets each door change its own part alone.
type csrStrategy struct {
	strategy
	door csrDoor
}

// csrPart is a subresource over the same store.
func csrPart(s *genericregistry.Store, by csrStrategy) *statusREST {
	part := *s
	part.UpdateStrategy = by
	return &statusREST{&part}
}

func (s csrStrategy) PrepareForCreate(ctx context.Context, obj runtime.Object) {
	csr := obj.(*certv1.CertificateSigningRequest)
	csr.Status = certv1.CertificateSigningRequestStatus{}
	csr.Spec.Username, csr.Spec.UID, csr.Spec.Groups = "", "", nil
	if who, ok := request.UserFrom(ctx); ok {
		csr.Spec.Username, csr.Spec.UID, csr.Spec.Groups = who.GetName(), who.GetUID(), who.GetGroups()
	}
}

// decided are the conditions that only an approver writes.
func decided(t certv1.RequestConditionType) bool {
	return t == certv1.CertificateApproved || t == certv1.CertificateDenied
}

func only(all []certv1.CertificateSigningRequestCondition, wanted bool) []certv1.CertificateSigningRequestCondition {
	var some []certv1.CertificateSigningRequestCondition
	for _, each := range all {
		if decided(each.Type) == wanted {
			some = append(some, each)
		}
	}
	return some
}

func (s csrStrategy) PrepareForUpdate(ctx context.Context, obj, old runtime.Object) {
	n, o := obj.(*certv1.CertificateSigningRequest), old.(*certv1.CertificateSigningRequest)
	n.Spec = o.Spec
	switch s.door {
	case csrObject:
		n.Status = o.Status
	case csrStatus:
		n.Status.Conditions = append(only(o.Status.Conditions, true), only(n.Status.Conditions, false)...)
	case csrApproval:
		n.Status.Certificate = o.Status.Certificate
		n.Status.Conditions = append(only(n.Status.Conditions, true), only(o.Status.Conditions, false)...)
	}
	for i := range n.Status.Conditions {
		c := &n.Status.Conditions[i]
		if c.LastUpdateTime.IsZero() {
			c.LastUpdateTime = metav1.NewTime(time.Now())
		}
		if c.LastTransitionTime.IsZero() {
			c.LastTransitionTime = metav1.NewTime(time.Now())
		}
	}
}

func (s csrStrategy) Validate(ctx context.Context, obj runtime.Object) field.ErrorList {
	csr := obj.(*certv1.CertificateSigningRequest)
	spec := field.NewPath("spec")
	var all field.ErrorList
	block, _ := pem.Decode(csr.Spec.Request)
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		all = append(all, field.Invalid(spec.Child("request"), "", "no PEM block CERTIFICATE REQUEST"))
	} else if parsed, err := x509.ParseCertificateRequest(block.Bytes); err != nil {
		all = append(all, field.Invalid(spec.Child("request"), "", err.Error()))
	} else if err := parsed.CheckSignature(); err != nil {
		all = append(all, field.Invalid(spec.Child("request"), "", err.Error()))
	}
	if domain, path, ok := strings.Cut(csr.Spec.SignerName, "/"); !ok || domain == "" || path == "" {
		all = append(all, field.Invalid(spec.Child("signerName"), csr.Spec.SignerName, "must be DOMAIN/PATH"))
	}
	if len(csr.Spec.Usages) == 0 {
		all = append(all, field.Required(spec.Child("usages"), ""))
	}
	if s := csr.Spec.ExpirationSeconds; s != nil && *s < leastSeconds {
		all = append(all, field.Invalid(spec.Child("expirationSeconds"), *s, "must be 600 or more"))
	}
	return all
}

func (s csrStrategy) ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList {
	n, o := obj.(*certv1.CertificateSigningRequest), old.(*certv1.CertificateSigningRequest)
	status := field.NewPath("status")
	var all field.ErrorList
	approved, denied := false, false
	for _, c := range n.Status.Conditions {
		if decided(c.Type) && c.Status != corev1.ConditionTrue {
			all = append(all, field.NotSupported(status.Child("conditions").Child("status"), c.Status, []string{"True"}))
		}
		approved = approved || c.Type == certv1.CertificateApproved
		denied = denied || c.Type == certv1.CertificateDenied
	}
	if approved && denied {
		all = append(all, field.Forbidden(status.Child("conditions"), "Approved and Denied are mutually exclusive"))
	}
	if len(o.Status.Certificate) > 0 && string(n.Status.Certificate) != string(o.Status.Certificate) {
		all = append(all, field.Forbidden(status.Child("certificate"), "it was issued already"))
	}
	return all
}
